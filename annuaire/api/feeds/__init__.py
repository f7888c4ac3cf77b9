"""Feeds: what is new in a search, for those who follow it."""
