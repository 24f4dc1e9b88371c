"""Movement: where tagged animals live, travel and stop, and what they do at a barrier."""
