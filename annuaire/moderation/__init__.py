"""Moderation: queues of what awaits a person, decisions with a reason, each undone by another."""
