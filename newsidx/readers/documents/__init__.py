"""Documents: zip containers, pages and lines, and what a document says of itself."""
