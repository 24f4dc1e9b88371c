"""What was asked, as it is kept in a row, and as the library takes it."""

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from kulan.assessment import LayerGiven, Told
from kulan.report import headline_lines
from kulan.screening import Attributes
from kulan.screening.findings import AlternativeFindings, Figure, Screening
from kulan.words import Words


@dataclass(frozen=True)
class Asked:
    """What the form said, with the stored files' paths in the screening's folder.

    Attributes
    ----------
    lines
        Files of alternatives.
    structures
        File of planned crossing structures, or empty.
    layers
        The user's layers: what `LayerGiven` takes, `path` in the folder.
    barrier_type, status
        Empty where the files say it.
    attributes
        Of `kulan.screening.Attributes`, those that were said.
    crs, structures_crs, layer_name, swap_axes
        As `kulan.assessment.read_question` takes them.
    """

    lines: list[str]
    structures: str = ""
    layers: list[dict[str, Any]] = field(default_factory=list)
    barrier_type: str = ""
    status: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    crs: str = ""
    structures_crs: str = ""
    layer_name: str = ""
    swap_axes: bool = False

    def kept(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self)

    def arguments(self, folder: Path) -> dict[str, Any]:
        """Return the arguments of `kulan.assessment.read_question`, `paths` among them."""
        told = Told(self.barrier_type or None, self.status or None, Attributes(**self.attributes))
        layers = [LayerGiven(**{**each, "path": folder / each["path"]}) for each in self.layers]
        return {
            "paths": [folder / path for path in self.lines],
            "told": told,
            "structures": folder / self.structures if self.structures else None,
            "structures_crs": self.structures_crs or None,
            "layers": layers,
            "crs": self.crs or None,
            "layer_name": self.layer_name or None,
            "swap_axes": self.swap_axes,
        }


def asked(kept: dict[str, Any]) -> Asked:
    """Return what was asked from what was kept of it; what an older version kept is enough."""
    known = {each.name for each in fields(Asked)}
    return Asked(**{"lines": [], **{key: kept[key] for key in kept if key in known}})


def summaries(screening: Screening) -> list[dict[str, Any]]:
    """Return what the table of alternatives shows, without words of any language."""
    return [_summary(found) for found in screening.alternatives]


def _summary(found: AlternativeFindings) -> dict[str, Any]:
    plan = found.alternative
    touched = [each for each in found.species if _touches(each.total_crossed, each.total_affected)]
    return {
        "id": plan.alternative_id,
        "name": plan.name,
        "type": plan.barrier_type,
        "status": plan.status,
        "length_km": plan.length.value if plan.shape == "line" else None,
        "area_km2": plan.area.value if plan.area is not None else None,
        "states": sorted({each.iso3 for each in found.states if each.iso3}),
        "species_crossed": sum(bool(each.total_crossed.value) for each in found.species),
        "species_touched": len(touched),
        "key_areas_crossed": sum(each.relation == "crossed" for each in found.key_areas),
    }


def _touches(*figures: Figure | None) -> bool:
    return any(figure is not None and bool(figure.value) for figure in figures)


def headlines(screening: Screening, words: Words) -> list[str]:
    """Return what matters most, in the report's language."""
    return headline_lines(screening, words)
