"""Measures the server beside yardsticks: `python -m benchmarks`. How to read the figures: `docs/benchmarks.md`."""
