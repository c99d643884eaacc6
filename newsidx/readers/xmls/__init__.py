"""XML: elements as a stream, well-formed or not, and the standards news comes in."""
