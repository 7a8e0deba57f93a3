"""The migrations of the store's tables, each from one version's to the next's; run by bot.store.schema."""
