"""A segment: the articles that were added together, as flat arrays on disk."""
