"""A buyer's own document: its text, the lots and the clauses that it states. Nothing is kept."""
