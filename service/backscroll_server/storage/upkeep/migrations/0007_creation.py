"""A table for the calls that created groups and chat rooms, so that a retry is recognised."""

from peewee import BigIntegerField, BlobField, Model


def up(migrator, db):
    class Creation(Model):
        conversation = BigIntegerField(primary_key=True)
        digest = BlobField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "conversation_creation"

    db.create_tables([Creation])
