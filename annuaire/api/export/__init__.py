"""The whole register as files: streamed, described, put in place all at once."""
