"""The door for programs: REST with OpenAPI, and the tokens by which programs say whose they are."""
