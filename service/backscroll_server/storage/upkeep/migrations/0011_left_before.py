"""Users who left before properties were kept for them go on seeing those of now: what they were then is not known."""

FOREVER = 2**62


def up(migrator, db):
    db.execute_sql(
        'INSERT INTO former_properties ("user", conversation, name, attributes, history_visibility) '  # noqa: S608 - a number
        'SELECT left_view."user", shared.id, shared.name, shared.attributes, shared.history_visibility '
        "FROM conversation_view AS left_view JOIN conversation AS shared ON shared.id = left_view.conversation "
        f"WHERE left_view.window_to < {FOREVER} AND NOT EXISTS (SELECT 1 FROM former_properties AS kept "
        'WHERE kept."user" = left_view."user" AND kept.conversation = left_view.conversation)'
    )
