"""Conversation ids compare byte by byte on PostgreSQL too, as they do on SQLite: they order conversations of equal time."""

from peewee import PostgresqlDatabase


def up(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql('ALTER TABLE conversation ALTER COLUMN conversation_id TYPE text COLLATE "C"')
