"""Alerts: what somebody waits for, what was found for it, and the letters that tell it."""
