"""Consultations that buyers write on the site, published as those that platforms push."""
