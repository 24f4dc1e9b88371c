"""Layers of the Atlas as evidence: a released version, for whoever may know of it."""

from kulan.programme.evidence import Evidence
from kulan.web.atlas.listing import title_of
from kulan.web.language import current_words
from kulan.web.policy import PUBLIC, Viewer, released_versions


def evidence_objects(viewer: Viewer | None = None) -> list[Evidence]:
    """Return the released layers that exist for the viewer."""
    words = current_words()
    found = []
    for version in released_versions(PUBLIC if viewer is None else viewer):
        if version.released_at is None:
            continue
        found.append(
            Evidence(
                kind="layer",
                reference=f"layer:{version.layer.layer_id}/{version.number}",
                title=title_of(version, words),
                day=version.released_at.date(),
                states=tuple(version.states),
                species=tuple(version.species),
                actions=(),
            )
        )
    return found
