"""Claims: how a person comes to speak for a structure, and how they cease to."""
