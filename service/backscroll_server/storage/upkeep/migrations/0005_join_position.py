"""A column for the feed position of each user's last join, computed from the joins that the feed still has."""

from peewee import SQL, BigIntegerField

MEMBER_ADDED = 15


def up(migrator, db):
    number = BigIntegerField(constraints=[SQL("DEFAULT 0")])
    migrator.migrate(migrator.add_column("conversation_view", "join_position", number, allow_not_null=True))
    db.execute_sql(
        "UPDATE conversation_view SET join_position = joins.position "  # noqa: S608 - a number
        "FROM (SELECT conversation, first_sequence AS member, max(position) AS position FROM change_feed "
        f"WHERE kind = {MEMBER_ADDED} GROUP BY conversation, first_sequence) AS joins "
        'WHERE conversation_view.conversation = joins.conversation AND conversation_view."user" = joins.member'
    )
