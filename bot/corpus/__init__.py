"""The corpus in use: read, indexed, followed while it changes."""
