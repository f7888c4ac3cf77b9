"""Reading files that others made: lines of text, tables, JSON lines."""
