"""What a reader typed becomes a question: its words, its kind, what it demands."""
