"""What the office does across every app: two records made one, a society brought in, an erasure."""
