"""Encoders of responses."""
