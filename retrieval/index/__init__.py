"""The protocol that every index of articles keeps, and the index on this machine's disk."""
