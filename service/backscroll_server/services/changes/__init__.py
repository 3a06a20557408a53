"""The change feed for watchers: one tail for a process, a subscription for each watcher, events for each user."""
