"""Columns of the feed's head for the position up to which old changes were removed."""

from peewee import BigIntegerField


def up(migrator, db):
    migrator.migrate(
        migrator.add_column("feed_head", "low_water", BigIntegerField(default=0)),
        migrator.add_column("feed_head", "low_water_check", BigIntegerField(default=0)),
    )
