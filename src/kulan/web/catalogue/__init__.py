"""The catalogue: layers, their versions, what each reader may see of them, and agreements."""
