"""The first schema, and the facts that every database has."""

import os

from backscroll_server.storage import models


def up(migrator, db):
    with db.bind_ctx(models.ALL_TABLES):
        db.create_tables(models.ALL_TABLES)
        models.FeedHead.create(id=1, position=0, last_check=0)
        for key in ("database_id", "epoch", "token_secret", "content_secret"):
            models.Fact.create(key=key, value=os.urandom(32 if key.endswith("secret") else 6))
