"""What programs read: the API (/api/v1) and the feeds (/flux), over the areas and takeaway."""
