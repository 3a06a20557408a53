"""A random public number for each conversation, with which the ids of messages begin from now on.

The ids of stored messages stay: they begin with the internal number of the conversation, which is stored as a negative
public one.
"""

from peewee import SQL, BigIntegerField, Model, PostgresqlDatabase

FOREVER = 2**62
POSITIVE = 2**63 - 1


def up(migrator, db):
    class ConversationNumber(Model):
        number = BigIntegerField(primary_key=True)
        conversation = BigIntegerField()
        from_sequence = BigIntegerField()
        to_sequence = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            without_rowid = db.without_rowid
            indexes = ((("conversation", "from_sequence"), False),)

    number = BigIntegerField(constraints=[SQL("DEFAULT 0")])
    migrator.migrate(
        migrator.add_column("conversation", "public_number", number, allow_not_null=True),
        migrator.add_column("conversation", "public_from", number, allow_not_null=True),
    )
    db.create_tables([ConversationNumber])
    random_number = "random()"
    if isinstance(db, PostgresqlDatabase):
        # The latter half of a random UUID is random but for two bits.
        random_number = "('x' || right(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64)::bigint"
    db.execute_sql(
        f"UPDATE conversation SET public_number = {random_number} & {POSITIVE}, "  # noqa: S608 - constants
        "public_from = last_sequence"
    )
    db.execute_sql(
        "INSERT INTO conversation_number (number, conversation, from_sequence, to_sequence) "  # noqa: S608 - a number
        f"SELECT public_number, id, public_from, {FOREVER} FROM conversation"
    )
    db.execute_sql(
        "INSERT INTO conversation_number (number, conversation, from_sequence, to_sequence) "
        "SELECT -id, id, 0, public_from FROM conversation WHERE public_from > 0"
    )
