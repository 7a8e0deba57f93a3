"""The commands, the conversation, and the ways to reach it: a terminal and Telegram."""
