"""Operations on messages: sending, importing, reading and deleting."""
