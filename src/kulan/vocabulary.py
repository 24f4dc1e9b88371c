"""Closed lists of words that several areas share: one spelling for each thing."""

BARRIER_TYPES = (
    "railway",
    "road",
    "fence",
    "border_fence",
    "pipeline",
    "canal",
    "power_line",
    "mine",
    "solar_field",
    "wind_farm",
    "settlement",
)
"""What can be planned or can stand in the way."""

BARRIER_STATUSES = ("planned", "under_construction", "operational", "suspended", "removed")
"""How far it has come; what stands is ``operational``, whether used or not."""

FENCE_TYPES = ("wire_mesh", "barbed_wire", "chain_link", "electric", "wall", "other")
"""What a fence is made of."""

STRUCTURE_KINDS = (
    "overpass",
    "underpass",
    "level_crossing",
    "culvert",
    "bridge",
    "gap",
    "ramp",
    "other",
)
"""Where animals are meant to pass."""

LAYER_KINDS = ("range", "corridor", "key_area", "other")
"""What a layer that the user brings shows."""
