"""Running it: seeding, serving, workers, backups, health."""
