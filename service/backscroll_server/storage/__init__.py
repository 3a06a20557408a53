"""Tables, statements and transactions of the database. The only package that imports peewee."""
