"""« Mon espace »: what awaits a person, what they keep, what was seen of their structures."""
