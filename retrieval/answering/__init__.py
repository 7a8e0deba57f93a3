"""What is decided and shown: the confidence, the passages, or why there is no answer."""
