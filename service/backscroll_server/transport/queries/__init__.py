"""Query objects made from requests."""
