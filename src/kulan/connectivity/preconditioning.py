"""How multigrid changes a landscape to precondition it, on the processor and on a card alike."""

# of the smallest link: what fills NoData, so that coarse grids stay whole
FILLING = 1e-4
# of the largest link: what joins merged cells, and holds grounded ones
JOINING = 1e3
