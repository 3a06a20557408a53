"""Operations on conversations, their members and settings."""
