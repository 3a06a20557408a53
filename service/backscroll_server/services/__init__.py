"""What the service does: each operation as one function over a transaction or a snapshot."""
