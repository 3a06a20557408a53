"""Import of IRC logs."""
