"""Connections: the two kinds of databases behind one interface, sessions and statements."""
