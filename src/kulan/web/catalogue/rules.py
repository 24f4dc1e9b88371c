"""How sensitive a feature is by the rules in the database, and what a layer says of its features.

The rules are those of `kulan.atlas.sensitivity`, seeded once and then kept by the secretariat.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from kulan.atlas.sensitivity import (
    Category,
    category_in_seasons,
    category_of,
    seasons_in,
    sensitivities,
    strictest,
)
from kulan.programme import seasons, species_names
from kulan.programme.terms import LIFE_EVENTS
from kulan.web.catalogue.models import LayerVersion, SensitivityRule
from kulan.web.catalogue.themes import Theme

INFRASTRUCTURE = frozenset({Theme.BARRIERS, Theme.MITIGATION, Theme.BASE})
"""Themes whose features are no places of animals, unless a column names a species."""


def seed_rules() -> int:
    """Fill the table of rules with those that come with Kulan; how many there were to fill in."""
    if SensitivityRule.objects.exists():
        return 0
    rows = [
        SensitivityRule(
            species_id=row["species_id"],
            iso3=_text(row["iso3"]),
            season=_text(row["season"]),
            level=int(Category.named(row["category"])),
            basis=f"{row['basis']} ({row['source']})",
            review_due=row["review_due"],
        )
        for row in sensitivities().to_dict("records")
    ]
    return len(SensitivityRule.objects.bulk_create(rows))


def _text(cell: object) -> str:
    return "" if cell is None or cell != cell else str(cell)  # noqa: PLR0124  not a number


def rules_table() -> pd.DataFrame:
    """Return the rules as `kulan.atlas.sensitivity` takes them."""
    names = ("species_id", "iso3", "season", "level")
    rows = SensitivityRule.objects.order_by("pk").values_list(*names)
    table = pd.DataFrame(list(rows), columns=list(names))
    table["category"] = [Category(level).name.lower() for level in table.pop("level")]
    return table


@dataclass(frozen=True)
class Called:
    """What a record was called in one version: the facts its sensitivity hangs on.

    Attributes
    ----------
    species
        Species ids; none where nobody said.
    iso3
        State; empty where not known.
    season
        Life event as told; empty where not.
    months
        Months of its dates, 1 to 12; none where not known.
    """

    species: tuple[str, ...] = ()
    iso3: str = ""
    season: str = ""
    months: tuple[int, ...] = ()


class Judge:
    """Gives each record its category; equal cases are weighed once."""

    def __init__(self, version: LayerVersion, *, has_species_column: bool) -> None:
        """Take what holds for all records of a version."""
        theme = version.term("theme")
        self.open = bool(version.layer.open_reason) or (
            theme in INFRASTRUCTURE and not has_species_column
        )
        self._rules = rules_table()
        self._calendar = seasons()
        self._known: dict[Called, int] = {}

    def level(self, called: Called) -> int:
        """Return the level at which the public sees a record."""
        if self.open:
            return 0
        if called not in self._known:
            self._known[called] = self._weigh(called)
        return self._known[called]

    def level_over_time(self, names: Iterable[Called]) -> int:
        """Return the strictest level over all that a record was called, in any combination."""
        told = list(names)
        if self.open:
            return 0
        species = sorted({one for called in told for one in called.species or ("",)})
        states = sorted({called.iso3 for called in told})
        events = sorted({event for called in told for event in self._events(called)})
        together = int(strictest(species, states, events, self._rules))
        return max(together, *(self.level(called) for called in told))

    def _events(self, called: Called) -> tuple[str, ...]:
        if called.season:
            return (called.season,)
        found: set[str] = set()
        for one in called.species:
            found |= set(seasons_in(one, called.iso3, called.months, self._calendar))
        return tuple(sorted(found)) or ("no season",)

    def _weigh(self, called: Called) -> int:
        if not called.species:
            # nobody says which species: the strictest rule of any holds
            return int(category_of("", called.iso3, called.season, self._rules))
        levels = []
        for one in called.species:
            events = (
                (called.season,)
                if called.season
                else seasons_in(one, called.iso3, called.months, self._calendar)
            )
            levels.append(int(category_in_seasons(one, called.iso3, events, self._rules)))
        return max(levels)


@lru_cache(maxsize=1)
def _names_of_species() -> dict[str, str]:
    rows = species_names()
    named = dict(zip(rows["name"].str.casefold(), rows["species_id"], strict=True))
    return named | {str(one): str(one) for one in rows["species_id"]}


def species_id_of(text: str) -> str:
    """Return the id of a species by any name of it; another name as it stands, shortened.

    Examples
    --------
    >>> species_id_of("Saiga tatarica"), species_id_of("Vulpes corsac")
    ('saiga', 'vulpes_corsac')
    """
    plain = " ".join(text.split()).casefold()
    return _names_of_species().get(plain) or plain.replace(" ", "_")[:60]


def life_event_of(text: str) -> str:
    """Return a life event of the closed list, or nothing.

    Examples
    --------
    >>> life_event_of("Winter range"), life_event_of("summer")
    ('winter_range', '')
    """
    plain = text.strip().lower().replace(" ", "_").replace("-", "_")
    return plain if plain in LIFE_EVENTS else ""
