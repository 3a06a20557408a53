"""Programs that tests and benchmarks start beside the server."""
