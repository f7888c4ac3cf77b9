"""What the API takes and gives, as marshmallow schemas: they check, they write, and they are the
OpenAPI description."""
