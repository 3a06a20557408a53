"""Operations on conversations, their members, read positions and settings."""
