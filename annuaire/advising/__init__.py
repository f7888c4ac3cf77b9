"""Advice to a buyer before a launch: how deep the offer is, how many hours, which clause, on one
sheet. Above matching: it asks what structures could do, and says what that allows."""
