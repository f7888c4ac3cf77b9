"""Text out of files, one module a format; each is called in the helper process alone."""
