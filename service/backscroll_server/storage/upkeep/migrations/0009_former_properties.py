"""A table for the shared properties of conversations as they were when users left."""

from peewee import BigIntegerField, CompositeKey, Model, SmallIntegerField, TextField


def up(migrator, db):
    class FormerProperties(Model):
        user = BigIntegerField()
        conversation = BigIntegerField()
        name = TextField()
        attributes = TextField()
        history_visibility = SmallIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "former_properties"
            without_rowid = db.without_rowid
            primary_key = CompositeKey("user", "conversation")

    db.create_tables([FormerProperties])
