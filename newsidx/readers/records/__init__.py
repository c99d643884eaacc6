"""Records of fields, whatever they are written in: names, values, and JSON as a stream."""
