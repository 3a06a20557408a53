"""Migration, checking, copying and purging of whole databases."""
