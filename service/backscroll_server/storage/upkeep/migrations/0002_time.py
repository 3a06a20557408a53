"""Retention, burn after reading and mutes that end: columns with defaults, three tables, and their first rows."""

from peewee import SQL, BigIntegerField, CompositeKey, Model, SmallIntegerField

FOREVER = 2**62


def up(migrator, db):
    class BurnSpan(Model):
        conversation = BigIntegerField()
        from_sequence = BigIntegerField()
        to_sequence = BigIntegerField()
        duration = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            without_rowid = db.without_rowid
            primary_key = CompositeKey("conversation", "from_sequence")

    class Burn(Model):
        conversation = BigIntegerField()
        due = BigIntegerField()
        reader = BigIntegerField()
        from_sequence = BigIntegerField()
        to_sequence = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            without_rowid = db.without_rowid
            primary_key = CompositeKey("conversation", "due", "reader", "from_sequence")
            indexes = ((("due",), False),)

    class Timer(Model):
        due = BigIntegerField()
        user = BigIntegerField()
        conversation = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            without_rowid = db.without_rowid
            primary_key = CompositeKey("due", "user", "conversation")

    # A default in the schema itself: the database then rewrites no row of the change feed.
    number = BigIntegerField(constraints=[SQL("DEFAULT 0")])
    truth = SmallIntegerField(constraints=[SQL("DEFAULT 0")])
    migrator.migrate(
        migrator.add_column("conversation", "oldest_time", number, allow_not_null=True),
        migrator.add_column("conversation", "erased_sequence", number, allow_not_null=True),
        migrator.add_column("conversation", "next_burn_due", number, allow_not_null=True),
        migrator.add_column("change_feed", "due_time", number, allow_not_null=True),
        migrator.add_column("change_feed", "moves_read", truth, allow_not_null=True),
        migrator.add_index("conversation", ("type", "oldest_time")),
        migrator.add_index("mention", ("conversation", "sequence")),
    )
    db.create_tables([BurnSpan, Burn, Timer])
    # Until now only deleting raised a floor.
    db.execute_sql("UPDATE conversation SET erased_sequence = floor")
    # A floor was always the head of its moment, so the oldest message above it is the first one stored.
    for table in ("message", "tombstone"):
        db.execute_sql(
            f"UPDATE conversation SET oldest_time = {table}.create_time FROM {table} "  # noqa: S608 - two names of tables
            f"WHERE {table}.conversation = conversation.id AND {table}.sequence = conversation.floor + 1"
        )
    # What was sent before has no due time to be told; it stays.
    db.execute_sql(
        "INSERT INTO burn_span (conversation, from_sequence, to_sequence, duration) "  # noqa: S608 - a number
        f"SELECT id, last_sequence, {FOREVER}, burn_duration FROM conversation WHERE burn_enabled = 1"
    )
    db.execute_sql(
        'INSERT INTO timer (due, "user", conversation) '
        'SELECT muted_until, "user", conversation FROM conversation_view WHERE muted_until > 0'
    )
    db.execute_sql(
        'INSERT INTO timer (due, "user", conversation) SELECT muted_until, id, 0 FROM app_user WHERE muted_until > 0'
    )
