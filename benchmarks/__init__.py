"""Measurement of the server beside yardsticks: `python -m benchmarks`. `docs/benchmarks.md` explains the figures."""
