"""Background work (timers, expiry, burning, purging, trimming), and the checking and copying of a database."""
