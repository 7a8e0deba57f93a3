"""Telegram: how updates come in, and how answers go out."""
