"""Circuit theory: potentials and currents on rasters and networks, and what solves them."""
