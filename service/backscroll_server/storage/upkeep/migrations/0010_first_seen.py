"""A column of the feed for the first sequence that a join makes visible."""

from peewee import SQL, BigIntegerField


def up(migrator, db):
    number = BigIntegerField(constraints=[SQL("DEFAULT 0")])
    migrator.migrate(migrator.add_column("change_feed", "first_seen", number, allow_not_null=True))
