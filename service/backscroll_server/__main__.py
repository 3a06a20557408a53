"""Entry point of `python -m backscroll_server`, which runs the `backscroll` command."""

from backscroll_server.cli.main import main

main()
