"""Background work (timers, expiry, purging, trimming), and the checking and copying of a database."""
