"""Layers of the Atlas as evidence: a released version, for whoever may know of it."""

from kulan.programme.evidence import Evidence
from kulan.web.language import current_words
from kulan.web.policy import PUBLIC, Viewer, released_versions


def evidence_objects(viewer: Viewer | None = None) -> list[Evidence]:
    """Return the released layers that exist for the viewer."""
    language = current_words().language
    found = []
    for version in released_versions(PUBLIC if viewer is None else viewer):
        if version.released_at is None:
            continue
        title = version.title.get(language) or version.title.get("en") or version.layer.layer_id
        found.append(
            Evidence(
                kind="layer",
                reference=f"layer:{version.layer.layer_id}/{version.number}",
                title=str(title),
                day=version.released_at.date(),
                states=tuple(version.states),
                species=tuple(version.species),
                actions=(),
            )
        )
    return found
