"""Filters of the pages of intensives."""
