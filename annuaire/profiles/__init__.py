"""What structures say of themselves: read, kept edit by edit, shown, found and undone."""
