"""The first stage: the articles that score best for a question."""
