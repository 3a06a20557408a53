"""Page tokens and resume tokens."""
