"""Circuits on a graphics card: kernels in CUDA C, and the few lines of Python that drive them."""
