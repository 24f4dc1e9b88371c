"""Brownian bridges: where an animal was between its fixes, as far as the fixes say."""
