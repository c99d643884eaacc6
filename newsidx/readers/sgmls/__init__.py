"""SGML records, which are no well-formed XML."""
