"""The first schema, frozen as it was, and the properties that every database has."""

import os

from peewee import (
    BigIntegerField,
    BlobField,
    CompositeKey,
    IntegerField,
    Model,
    SmallIntegerField,
    TextField,
)


def up(migrator, db):
    class Block(Model):
        user = BigIntegerField()
        conversation = BigIntegerField()
        from_sequence = BigIntegerField()
        to_sequence = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "blocked_window"
            without_rowid = db.without_rowid
            primary_key = CompositeKey("user", "conversation", "from_sequence")

    class Conversation(Model):
        conversation_id = TextField(unique=True)
        type = SmallIntegerField()
        name = TextField(default="")
        attributes = TextField(default="")
        history_visibility = SmallIntegerField(default=1)
        burn_enabled = SmallIntegerField(default=0)
        burn_duration = BigIntegerField(default=0)
        create_time = BigIntegerField()
        member_count = IntegerField(default=0)
        members_ever = IntegerField(default=0)
        last_sequence = BigIntegerField(default=0)
        last_time = BigIntegerField(default=0)
        countable = BigIntegerField(default=0)
        last_live_sequence = BigIntegerField(default=0)
        last_live_time = BigIntegerField(default=0)
        last_relist_sequence = BigIntegerField(default=0)
        last_mention_sequence = BigIntegerField(default=0)
        last_recalled_sequence = BigIntegerField(default=0)
        floor = BigIntegerField(default=0)
        floor_time = BigIntegerField(default=0)
        purged_sequence = BigIntegerField(default=0)
        unread_floor = BigIntegerField(default=0)
        unread_floor_countable = BigIntegerField(default=0)
        removed_sequence = BigIntegerField(default=-1)
        generation = IntegerField(default=0)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "conversation"

    class Fact(Model):
        key = TextField(primary_key=True)
        value = BlobField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "database_fact"
            without_rowid = db.without_rowid

    class Feed(Model):
        position = BigIntegerField(primary_key=True)
        row_check = BigIntegerField()
        conversation = BigIntegerField()
        user = BigIntegerField()
        kind = SmallIntegerField()
        actor = BigIntegerField()
        first_sequence = BigIntegerField()
        last_sequence = BigIntegerField()
        scope = SmallIntegerField()
        time = BigIntegerField()
        device_id = TextField()
        moves_list = SmallIntegerField()
        call_end = SmallIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "change_feed"
            without_rowid = db.without_rowid
            indexes = ((("conversation", "position"), False), (("user", "position"), False))

    class FeedHead(Model):
        id = IntegerField(primary_key=True)
        position = BigIntegerField()
        last_check = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "feed_head"

    class Hidden(Model):
        user = BigIntegerField()
        conversation = BigIntegerField()
        sequence = BigIntegerField()
        counts = SmallIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "hidden_message"
            without_rowid = db.without_rowid
            primary_key = CompositeKey("user", "conversation", "sequence")

    class Idempotency(Model):
        conversation = BigIntegerField()
        sender = BigIntegerField()
        client_message_id = TextField()
        sequence = BigIntegerField()
        create_time = BigIntegerField()
        digest = BlobField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "idempotency_key"
            without_rowid = db.without_rowid
            primary_key = CompositeKey("conversation", "sender", "client_message_id")

    class Mention(Model):
        conversation = BigIntegerField()
        user = BigIntegerField()
        sequence = BigIntegerField()
        sender = BigIntegerField()
        kind = SmallIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "mention"
            without_rowid = db.without_rowid
            primary_key = CompositeKey("conversation", "user", "sequence")

    class Message(Model):
        conversation = BigIntegerField()
        sequence = BigIntegerField()
        sender = BigIntegerField()
        create_time = BigIntegerField()
        original_time = BigIntegerField(null=True)
        counts = SmallIntegerField()
        silent = SmallIntegerField()
        countable = BigIntegerField()
        own_countable = BigIntegerField()
        content_type = SmallIntegerField()
        body = BlobField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "message"
            without_rowid = db.without_rowid
            primary_key = CompositeKey("conversation", "sequence")
            indexes = ((("conversation", "sender", "sequence"), False), (("conversation", "create_time"), False))

    class Tombstone(Model):
        conversation = BigIntegerField()
        sequence = BigIntegerField()
        sender = BigIntegerField()
        create_time = BigIntegerField()
        original_time = BigIntegerField(null=True)
        counts = SmallIntegerField()
        countable = BigIntegerField()
        own_countable = BigIntegerField()
        content_type = SmallIntegerField()
        body = BlobField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "tombstone"
            without_rowid = db.without_rowid
            primary_key = CompositeKey("conversation", "sequence")
            indexes = ((("conversation", "sender", "sequence"), False), (("conversation", "create_time"), False))

    class User(Model):
        user_id = TextField(unique=True)
        receive_option = SmallIntegerField(default=1)
        muted_until = BigIntegerField(default=0)

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "app_user"

    class View(Model):
        user = BigIntegerField()
        conversation = BigIntegerField()
        role = SmallIntegerField(default=0)
        join_time = BigIntegerField(default=0)
        member_order = IntegerField(default=0)
        window_from = BigIntegerField(default=0)
        window_to = BigIntegerField()
        older_windows = SmallIntegerField(default=0)
        read_sequence = BigIntegerField(default=0)
        unread_floor = BigIntegerField(default=0)
        floor = BigIntegerField(default=0)
        floor_time = BigIntegerField(default=0)
        unread_from = BigIntegerField(default=0)
        marked_unread = SmallIntegerField(default=0)
        mention_floor = BigIntegerField(default=0)
        base_sequence = BigIntegerField(default=0)
        base_countable = BigIntegerField(default=0)
        base_own = BigIntegerField(default=0)
        own_countable = BigIntegerField(default=0)
        last_hidden = BigIntegerField(default=0)
        blocked = SmallIntegerField(default=0)
        ever_blocked = SmallIntegerField(default=0)
        listing_after = BigIntegerField(default=0)
        frozen_activity = BigIntegerField(default=0)
        frozen_import_time = BigIntegerField(default=0)
        frozen_relist = BigIntegerField(default=0)
        opened_generation = IntegerField(default=-1)
        opened_time = BigIntegerField(default=0)
        stay_hidden = SmallIntegerField(default=0)
        removed_sequence = BigIntegerField(default=-1)
        draft = TextField(default="")
        draft_time = BigIntegerField(default=0)
        pin_time = BigIntegerField(default=0)
        receive_option = SmallIntegerField(default=1)
        muted_until = BigIntegerField(default=0)
        marks = TextField(default="")
        attributes = TextField(default="")

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "conversation_view"
            without_rowid = db.without_rowid
            primary_key = CompositeKey("user", "conversation")
            indexes = ((("conversation", "member_order"), False),)

    class Window(Model):
        user = BigIntegerField()
        conversation = BigIntegerField()
        from_sequence = BigIntegerField()
        to_sequence = BigIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "membership_window"
            without_rowid = db.without_rowid
            primary_key = CompositeKey("user", "conversation", "from_sequence")

    db.create_tables(
        [
            Block,
            Conversation,
            Fact,
            Feed,
            FeedHead,
            Hidden,
            Idempotency,
            Mention,
            Message,
            Tombstone,
            User,
            View,
            Window,
        ]
    )
    FeedHead.create(id=1, position=0, last_check=0)
    for key, size in (("database_id", 6), ("epoch", 6), ("token_secret", 32), ("content_secret", 32)):
        Fact.create(key=key, value=os.urandom(size))
