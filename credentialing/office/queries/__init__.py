"""What the office sees across every app."""
