"""The column `silent` of messages goes: it was written and never read, because `counts` says the same."""


def up(migrator, db):
    db.execute_sql("ALTER TABLE message DROP COLUMN silent")
