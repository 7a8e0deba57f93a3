"""A conversation: what was said, what is wished, and what is replied."""
