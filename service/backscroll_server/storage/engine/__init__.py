"""Connections to SQLite and PostgreSQL behind one interface, and the sessions and statements that run on them."""
