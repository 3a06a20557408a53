"""A property for how the database compares user ids, empty until a server starts on it.

A server of an earlier version, which would not fold them, refuses the database from now on.
"""

from peewee import BlobField, Model, TextField


def up(migrator, db):
    class Fact(Model):
        key = TextField(primary_key=True)
        value = BlobField()

        class Meta:
            database = db
            table_name = "database_fact"

    Fact.insert(key="user_id_case", value=b"").execute()
