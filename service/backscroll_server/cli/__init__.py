"""The `backscroll` command."""
