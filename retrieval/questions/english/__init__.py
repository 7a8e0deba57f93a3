"""English questions on a Chinese corpus, by dictionary alone."""
