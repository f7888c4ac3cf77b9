"""Asking chosen structures, by mail, for a quote or a sourcing question; what they answered."""
