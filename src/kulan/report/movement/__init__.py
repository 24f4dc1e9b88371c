"""Pictures of movement: what was set aside, and where, when and how far animals went."""
