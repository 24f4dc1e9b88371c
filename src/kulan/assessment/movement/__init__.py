"""Questions about movement, from files to a folder of answers."""
