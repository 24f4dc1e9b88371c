"""The registers of the programme: who, what was agreed, what was promised, what applies."""
