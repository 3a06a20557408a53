"""The tables. Times are microseconds since 1970; users and conversations are named by small internal numbers.

Booleans are stored as 1 or 0: every database and driver accepts small integers and binds them fastest.

The internal number of the conversation or of the user is the first column of most keys. Models are not bound to a
database: queries are rendered and run on the connection that a caller uses, so that one process can have several
databases.
"""

from peewee import (
    BigIntegerField,
    BlobField,
    CompositeKey,
    IntegerField,
    Model,
    SmallIntegerField,
    TextField,
)


class DatabaseProperty(Model):
    """Properties of the whole database: its id, its epoch, its secrets, how it compares user ids."""

    key = TextField(primary_key=True)
    value = BlobField()

    class Meta:
        """Peewee's options."""

        table_name = "database_fact"
        legacy_table_names = False
        without_rowid = True


class FeedHead(Model):
    """The one row with the newest position of the change feed, from which the next positions are assigned.

    Attributes:
        position: the newest position; 0 for none.
        last_check: the random check of the change there.
        low_water: the position up to which changes were removed because of their age.
        low_water_check: the random check of the change that was there.
    """

    id = IntegerField(primary_key=True)
    position = BigIntegerField()
    last_check = BigIntegerField()
    low_water = BigIntegerField(default=0)
    low_water_check = BigIntegerField(default=0)

    class Meta:
        """Peewee's options."""

        legacy_table_names = False


class User(Model):
    """A user id with its internal number, and the user's settings that hold for all conversations."""

    user_id = TextField(unique=True)
    receive_option = SmallIntegerField(default=1)
    muted_until = BigIntegerField(default=0)

    class Meta:
        """Peewee's options."""

        table_name = "app_user"
        legacy_table_names = False


class Conversation(Model):
    """The shared side of a conversation: identity, attributes, newest messages, and floors that hold for everyone."""

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
    # The head: the newest message, how many countable ones there are, the newest that was not imported, the newest
    # that brings a deleted conversation back, the newest that mentions, the newest that was recalled or burned.
    last_sequence = BigIntegerField(default=0)
    last_time = BigIntegerField(default=0)
    countable = BigIntegerField(default=0)
    last_live_sequence = BigIntegerField(default=0)
    last_live_time = BigIntegerField(default=0)
    last_relist_sequence = BigIntegerField(default=0)
    last_mention_sequence = BigIntegerField(default=0)
    last_recalled_sequence = BigIntegerField(default=0)
    # Erased or expired for everyone up to here; `purged_sequence` follows as the rows are physically removed.
    floor = BigIntegerField(default=0)
    floor_time = BigIntegerField(default=0)
    purged_sequence = BigIntegerField(default=0)
    # Counting starts here at the earliest, for everyone.
    unread_floor = BigIntegerField(default=0)
    unread_floor_countable = BigIntegerField(default=0)
    # The head when it was last deleted for everyone (-1 never), and how often it was.
    removed_sequence = BigIntegerField(default=-1)
    generation = IntegerField(default=0)
    # When the oldest message above the floor was created; 0 where there is none.
    oldest_time = BigIntegerField(default=0)
    # The part of the floor that somebody deleted; what is between it and the floor expired.
    erased_sequence = BigIntegerField(default=0)
    # The smallest `Burn.due` of the conversation; 0 where there is none.
    next_burn_due = BigIntegerField(default=0)
    # The newest row of `ConversationNumber`: what the ids of messages above `public_from` begin with.
    public_number = BigIntegerField()
    public_from = BigIntegerField(default=0)

    class Meta:
        """Peewee's options."""

        legacy_table_names = False
        indexes = ((("type", "oldest_time"), False),)


class ConversationNumber(Model):
    """A public number of a conversation: the ids of its messages in `(from_sequence, to_sequence]` begin with it.

    A conversation has one from its creation, with `to_sequence` `FOREVER`. It gets another for the messages that follow
    when it is restored from a backup, so that an id never names two messages. A negative number is the internal number
    of the conversation, with which ids began before there were public ones.
    """

    number = BigIntegerField(primary_key=True)
    conversation = BigIntegerField()
    from_sequence = BigIntegerField()
    to_sequence = BigIntegerField()

    class Meta:
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        indexes = ((("conversation", "from_sequence"), False),)


class View(Model):
    """One user's side of one conversation: membership, settings, read position, floors, position in the list.

    It exists for everyone who is or was a member.
    """

    user = BigIntegerField()
    conversation = BigIntegerField()
    role = SmallIntegerField(default=0)
    join_time = BigIntegerField(default=0)
    # The feed position of the last join; 0 for who is a member since the conversation was created. Which came first, a
    # change or the join, is judged by positions, because the clocks of two servers may differ.
    join_position = BigIntegerField(default=0)
    member_order = IntegerField(default=0)
    # The newest window `(from, to]`; older ones are in `Window`.
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
    # Where counting starts, with the conversation's and the user's own countable ordinals there.
    base_sequence = BigIntegerField(default=0)
    base_countable = BigIntegerField(default=0)
    base_own = BigIntegerField(default=0)
    own_countable = BigIntegerField(default=0)
    # Above this sequence no message is hidden for the user alone.
    last_hidden = BigIntegerField(default=0)
    # Bit 1: by the conversation's option, bit 2: by the user-wide one. `ever_blocked` says that `Block` has rows.
    blocked = SmallIntegerField(default=0)
    ever_blocked = SmallIntegerField(default=0)
    # Messages above `listing_after` move the list; what moved it before is frozen.
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
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        table_name = "conversation_view"
        primary_key = CompositeKey("user", "conversation")
        indexes = ((("conversation", "member_order"), False),)


class Window(Model):
    """An ended membership of a user: the messages with sequences `(from_sequence, to_sequence]`."""

    user = BigIntegerField()
    conversation = BigIntegerField()
    from_sequence = BigIntegerField()
    to_sequence = BigIntegerField()

    class Meta:
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        table_name = "membership_window"
        primary_key = CompositeKey("user", "conversation", "from_sequence")


class Block(Model):
    """Messages sent while the user blocked the conversation: those with sequences `(from_sequence, to_sequence]`.

    `to_sequence` is `FOREVER` while the user blocks the conversation.
    """

    user = BigIntegerField()
    conversation = BigIntegerField()
    from_sequence = BigIntegerField()
    to_sequence = BigIntegerField()

    class Meta:
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        table_name = "blocked_window"
        primary_key = CompositeKey("user", "conversation", "from_sequence")


class Hidden(Model):
    """A message deleted for one user alone. `counts` is 1 if it could count as unread for the user, otherwise 0."""

    user = BigIntegerField()
    conversation = BigIntegerField()
    sequence = BigIntegerField()
    counts = SmallIntegerField()

    class Meta:
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        table_name = "hidden_message"
        primary_key = CompositeKey("user", "conversation", "sequence")


class Message(Model):
    """One message of a conversation, neither recalled nor removed.

    Attributes:
        conversation: the internal number of the conversation.
        sequence: the order in the conversation, from 1.
        sender: the internal number of the sender.
        create_time: the creation time by the server's clock, which strictly increases with the sequence.
        original_time: the time at which an imported message was originally written; null for all others.
        counts: 1 if the message is countable (neither silent nor imported, so that it can count as unread), otherwise
            0.
        countable: the number of countable messages of the conversation up to and including this one.
        own_countable: the number of those that this message's sender sent.
        content_type: the number of the type of the content.
        body: the encoded `Message`, framed as field 1 of an answer.
    """

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
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        primary_key = CompositeKey("conversation", "sequence")
        indexes = (
            (("conversation", "sender", "sequence"), False),
            (("conversation", "create_time"), False),
        )


class Tombstone(Model):
    """Remains of a recalled or burned message: everything of the table `Message` but its content.

    `body` is the framed stub of a recalled message. It is empty for a burned message, whose tombstone is never shown
    and only keeps the counts of countable messages.
    """

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
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        primary_key = CompositeKey("conversation", "sequence")
        indexes = (
            (("conversation", "sender", "sequence"), False),
            (("conversation", "create_time"), False),
        )


class Mention(Model):
    """A mention of a user (`user`, 0 for everyone) in a message that is not silent.

    `kind` is the number of its `MentionKind`; negative in an imported message, where the mention is never unread.
    """

    conversation = BigIntegerField()
    user = BigIntegerField()
    sequence = BigIntegerField()
    sender = BigIntegerField()
    kind = SmallIntegerField()

    class Meta:
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        primary_key = CompositeKey("conversation", "user", "sequence")
        indexes = ((("conversation", "sequence"), False),)


class BurnSpan(Model):
    """Messages with sequences `(from_sequence, to_sequence]`, sent while burn after reading was on with one duration.

    `duration` is the time from reading to vanishing, and `to_sequence` is `FOREVER` while this goes on.
    """

    conversation = BigIntegerField()
    from_sequence = BigIntegerField()
    to_sequence = BigIntegerField()
    duration = BigIntegerField()

    class Meta:
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        primary_key = CompositeKey("conversation", "from_sequence")


class Burn(Model):
    """Messages that vanish for everyone at the time `due`, in microseconds, because a user read them.

    They are those with sequences `(from_sequence, to_sequence]`, not imported, of any sender but `reader`, the user who
    read them. `reader` is 0 for a user alone in the conversation, whose own messages vanish too. The row is deleted
    when its messages are removed from storage.
    """

    conversation = BigIntegerField()
    due = BigIntegerField()
    reader = BigIntegerField()
    from_sequence = BigIntegerField()
    to_sequence = BigIntegerField()

    class Meta:
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        primary_key = CompositeKey("conversation", "due", "reader", "from_sequence")
        indexes = ((("due",), False),)


class Timer(Model):
    """A mute of a user that ends by itself at the time `due`; `conversation` is 0 for the user-wide mute."""

    due = BigIntegerField()
    user = BigIntegerField()
    conversation = BigIntegerField()

    class Meta:
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        primary_key = CompositeKey("due", "user", "conversation")


class Idempotency(Model):
    """A client message id that a sender used, kept also when the message is removed."""

    conversation = BigIntegerField()
    sender = BigIntegerField()
    client_message_id = TextField()
    sequence = BigIntegerField()
    create_time = BigIntegerField()
    digest = BlobField()

    class Meta:
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        table_name = "idempotency_key"
        primary_key = CompositeKey("conversation", "sender", "client_message_id")


class FormerProperties(Model):
    """The properties of a conversation as they were when a user left it, which that user goes on seeing."""

    user = BigIntegerField()
    conversation = BigIntegerField()
    name = TextField()
    attributes = TextField()
    history_visibility = SmallIntegerField()

    class Meta:
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        table_name = "former_properties"
        primary_key = CompositeKey("user", "conversation")


class Creation(Model):
    """The call that created a group or chat room, by which a retry of it is recognised.

    Attributes:
        conversation: the internal number of the conversation.
        digest: a hash of who created it, and with what.
    """

    conversation = BigIntegerField(primary_key=True)
    digest = BlobField()

    class Meta:
        """Peewee's options."""

        legacy_table_names = False
        table_name = "conversation_creation"


class Feed(Model):
    """One change of the change feed, without the content of messages.

    Attributes:
        position: the order of the change, from 1.
        row_check: a random number that distinguishes the position from an equal one after a restore.
        conversation: the internal number of the conversation; 0 for a change that concerns one user alone.
        user: the internal number of the one user whom the change concerns; 0 for every member of the conversation.
        kind: the number of the `ChangeKind`.
        actor: the internal number of the user who made the change; 0 for none.
        first_sequence: the first sequence that the change concerns; of a member added, removed or updated, the internal
            number of the member; of settings, the first sequence that was blocked until then, 0 for none.
        last_sequence: the last sequence that the change concerns.
        scope: the number of a `DeletionScope`; of a member added, of a `Join`.
        time: the time of the change.
        device_id: the device that made the change.
        moves_list: 1 if the conversation rises in the list of the users whom the change concerns, otherwise 0.
        call_end: 1 for the last change of a call, otherwise 0.
        due_time: the time at which the first message that this change marks as read burns; 0 for none.
        moves_read: of a message, 1 if it moves its sender's read position, otherwise 0.
        first_seen: of a member added, the first sequence that becomes visible to the member by it; 0 for none.
    """

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
    due_time = BigIntegerField(default=0)
    moves_read = SmallIntegerField(default=0)
    first_seen = BigIntegerField(default=0)

    class Meta:
        """Peewee's options. Rows are clustered by the primary key."""

        legacy_table_names = False
        without_rowid = True
        table_name = "change_feed"
        indexes = (
            (("conversation", "position"), False),
            (("user", "position"), False),
        )


ALL_TABLES: tuple[type[Model], ...] = (
    DatabaseProperty, FeedHead, User, Conversation, ConversationNumber, View, Window, Block, Hidden, Message, Tombstone,
    Mention, BurnSpan, Burn, Timer, Idempotency, FormerProperties, Creation, Feed,
)  # fmt: skip
