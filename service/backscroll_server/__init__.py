"""Backscroll: the server-side store of chat conversations and their history."""
