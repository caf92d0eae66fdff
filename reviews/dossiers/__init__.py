"""Papers: what a reader may see is composed into values, and values are set as PDF."""
