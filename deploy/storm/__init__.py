"""Conflicting acts around the Council's ballots, and a check that reads nothing but tables."""
