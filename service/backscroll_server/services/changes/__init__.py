"""The change feed served: one tail for a process, a subscription for each watcher, events for each user."""
