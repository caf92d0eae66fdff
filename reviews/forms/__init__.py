"""What the pages of review ask."""
