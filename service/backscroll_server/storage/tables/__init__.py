"""Models and the statements over each table or group of tables."""
