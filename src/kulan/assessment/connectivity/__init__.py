"""Questions of connectivity: read from the user's files, answered, and written as a folder."""
