"""The rules, free of databases and transports. Imports the standard library only."""
