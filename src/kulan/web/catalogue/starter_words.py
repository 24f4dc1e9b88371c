"""What the starter Atlas says of its layers, in sentences that are translated.

Its plans name methods by the function that makes a layer, for whoever makes it again; a reader of
the catalogue is told in words what was done. `NOTES` are the limits that the plans and the table of
sources (``starter_sources.csv``) state: the texts stand here to be found by the translators.
"""

from kulan.words import N_

METHODS = {
    "kulan.habitat.potential.potential_habitat": N_(
        "A cell counts as potential habitat where its land cover, elevation and relief are those "
        "the species is known to live in, in states where it is recorded, and within the limits "
        "its sources give. It is a model: no sighting went into it."
    ),
    "kulan.habitat.potential.habitat_areas": N_(
        "The areas of the cells of potential habitat, added up by species and state."
    ),
    "kulan.atlas.vectors.vector_bytes": N_(
        "Compiled by hand from published facts; each row carries its source and its confidence."
    ),
    "kulan.atlas.plans: the compact file as it is": N_(
        "Taken from the source named here, cut to the region and made smaller; nothing is added."
    ),
}
"""A method's sentence, by its name in the recipe of a starter layer."""

SOURCES = (
    N_("Kulan; the source of each row stands in the row"),
    N_("Potential habitat by species and state"),
)

NOTES = (
    N_("Each row says how far its position and its facts can be trusted."),
    N_(
        "Land cover in cells of 0.05 degrees (about 5.6 km), elevation from means of 5 arc minutes "
        "(about 9 km) in steps of 28 m, relief from three by three of those: ridges, valley floors "
        "and cliffs are flattened, so habitat in narrow valleys, on single peaks and on "
        "escarpments of plains is missed, and high plains beside mountains may be counted. It says "
        "nothing of water, snow, herding or hunting. Cells without elevation are marked as not "
        "known (255)."
    ),
    N_(
        "cut to the region; majority class per 0.05 degree cell; the file names the Clarke 1866 "
        "ellipsoid, the product is a WGS 84 longitude-latitude grid and is labelled so here"
    ),
    N_(
        "cut to the region; steps of 28 m; means of 5 arc minute cells, so summits and valley "
        "floors are flattened by hundreds of metres; no data over many lakes and seas"
    ),
    N_(
        "cut to the region, made valid, Baikonur joined to Kazakhstan; coordinates rounded by the "
        "package to 0.0036 x 0.0017 degrees; borders as the source draws them, on the ground and "
        "without judgement: see the disputed boundaries"
    ),
    N_(
        "cut to the region; only lines that the source marks as disputed, of control, indefinite, "
        "of lease or of overlay"
    ),
    N_("cut to the region; larger rivers only; letters lost in the source's names restored"),
    N_(
        "cut to the region; names without diacritics; population of the larger urban area, empty "
        "where the source has none; old and incomplete for small towns"
    ),
)
