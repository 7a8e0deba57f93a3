"""How replies are laid out: templates, words, languages."""
