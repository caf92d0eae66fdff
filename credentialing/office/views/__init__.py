"""The office's pages that show more than one app."""
