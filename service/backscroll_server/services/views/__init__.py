"""The part of a conversation that one user may see, and the counts that follow from it."""
