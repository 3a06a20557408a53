"""Models of the tables, and the statements over each table or group of tables."""
