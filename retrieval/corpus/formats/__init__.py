"""Each form that files of articles have, read into records."""
