"""A dossier as a page of HTML."""
