"""Building, changing, merging and verifying an index."""
