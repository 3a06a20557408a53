"""Tables, statements and transactions. The only package that imports peewee."""
