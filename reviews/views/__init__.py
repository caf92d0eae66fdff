"""Pages of the Committee, of the Council, and of the public."""
