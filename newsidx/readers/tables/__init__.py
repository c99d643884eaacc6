"""Tables of delimited text: their dialect, their rows, and which column is which field."""
