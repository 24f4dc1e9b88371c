"""Newsletter and bulletin: drafted from what changed, edited by a person, published for all."""
