"""Identities of callers, and what proves them: service keys, JSON Web Tokens and client certificates."""
