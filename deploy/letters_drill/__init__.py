"""Letters sent while the worker, the broker and the database are killed, and a count of them."""
