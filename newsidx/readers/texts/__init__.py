"""Text out of bytes and markup: encodings, and HTML as running text."""
