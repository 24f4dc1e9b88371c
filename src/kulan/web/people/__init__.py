"""People: accounts, organisations, and what each was granted."""
