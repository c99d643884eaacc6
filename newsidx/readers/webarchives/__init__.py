"""Web archives: records of what was fetched."""
