"""Messages out: written in the caller's transaction, delivered once by a worker, wiped when done."""
