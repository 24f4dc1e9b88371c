"""Barriers on edges: the steps they cut, how passable they are, and what they take away."""
