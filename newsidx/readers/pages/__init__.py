"""Web pages: what they declare of themselves, and what they are."""
