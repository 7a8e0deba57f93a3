"""What is wrong with how the bot is set up."""

from retrieval.errors import ZhiwenError


class SettingsError(ZhiwenError):
    """A setting is missing or cannot be used."""
