"""Selection: what animals choose among what they could have reached."""
