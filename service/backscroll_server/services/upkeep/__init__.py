"""Background work: timers, expiry, burning, purging and trimming; checking and copying."""
