"""Record files become articles, and what is wrong with them becomes problems."""
