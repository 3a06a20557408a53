"""`python -m backscroll_server` is the `backscroll` command."""

from backscroll_server.cli.main import main

main()
