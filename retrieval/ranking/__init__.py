"""The second stage: the sentences of the best articles in order."""
