"""Text as characters, words, sentences and token streams."""
