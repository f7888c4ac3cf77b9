"""Parsers are tried on generated input: how long an example takes is no test."""

from hypothesis import settings

settings.register_profile("importers", deadline=None)
settings.load_profile("importers")
