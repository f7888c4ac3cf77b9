"""What the API is, for programs (OpenAPI 3.1) and for the page that people read."""
