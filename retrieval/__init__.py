"""Text in, ranked sentences out: no Telegram, no templates, no environment variables."""
