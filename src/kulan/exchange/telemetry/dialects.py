"""Names by which tables of telemetry call their columns, and what each format's standard fixes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kulan.places import WGS84
from kulan.words import N_

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Dialect:
    """How one format calls its columns.

    Attributes
    ----------
    name
        Of the format.
    signs
        Sets of columns (plain names, see `plain`); a table that has all of one set is of it.
    columns
        Candidates for each of our names, the first that is there is taken.
    crs
        System its standard prescribes.
    naive_zone
        Zone of its times by the standard, and in `why` where it says so.
    """

    name: str
    signs: tuple[frozenset[str], ...]
    columns: Names
    crs: str | None = None
    naive_zone: str | None = None
    why: str = ""


def _signs(*sets: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(names.split()) for names in sets)


_QUALITY: Names = {
    "hdop": ("hdop", "gps_hdop", "dop", "pdop"),
    "fix_dimension": ("fix_dimension", "gps_fix_type", "fix_type", "dimension", "nav"),
    "species": ("species", "species_id", "individual_taxon_canonical_name", "taxon"),
    "sensor": ("sensor", "sensor_type", "sensor_type_id"),
    "deployment_id": ("deployment_id", "deployment_local_identifier"),
    "error_m": ("error_m",),
    "error_major_m": ("error_major_m",),
    "error_minor_m": ("error_minor_m",),
    "error_angle_deg": ("error_angle_deg",),
    "flags": ("kulan_flags",),
    # of fixes that were read and written before
    "source_file": ("source_file",),
    "source_row": ("source_row",),
}

MOVEBANK = Dialect(
    "Movebank",
    _signs("timestamp location_long location_lat"),
    {
        **_QUALITY,
        "animal_id": (
            "individual_local_identifier", "individual_id", "trackid", "animal_id", "individual",
            "tag_local_identifier", "tag_id", "deployment_id",
        ),
        "time": ("timestamp",),
        "x": ("location_long",),
        "y": ("location_lat",),
        "error_major_m": ("argos_semi_major",),
        "error_minor_m": ("argos_semi_minor",),
        "error_angle_deg": ("argos_orientation",),
    },
    WGS84,
    "UTC",
    N_("Movebank's attribute dictionary says: timestamps are UTC"),
)  # fmt: skip

ARGOS = Dialect(
    "Argos",
    _signs(
        "platform_id_no longitude latitude loc_date",
        "ptt longitude latitude date quality",
        "platform_id_no longitude latitude location_date",
    ),
    {
        **_QUALITY,
        "animal_id": ("deployid", "platform_id_no", "ptt"),
        "time": ("loc_date", "location_date", "date"),
        "x": ("longitude",),
        "y": ("latitude",),
        "error_major_m": ("semi_major_axis", "error_semi_major_axis"),
        "error_minor_m": ("semi_minor_axis", "error_semi_minor_axis"),
        "error_angle_deg": ("ellipse_orientation", "error_ellipse_orientation"),
        "sensor": ("type",),
    },
    WGS84,
    "UTC",
    N_("Argos gives dates and times in UTC"),
)

EARTHRANGER = Dialect(
    "EarthRanger",
    _signs("fixtime", "recorded_at", "subject_id time", "subject_id timestamp"),
    {
        **_QUALITY,
        "animal_id": (
            "subject_name", "extra_subject_name", "extra_subject_id", "subject_id", "groupby_col",
            "source_id", "source", "chronofile",
        ),
        "time": ("fixtime", "recorded_at", "time", "timestamp"),
        "x": ("location_longitude", "longitude", "lon", "long"),
        "y": ("location_latitude", "latitude", "lat"),
        "species": ("extra_subject_subject_subtype", "subject_subtype", "species"),
    },
    WGS84,
)  # fmt: skip

GENERIC = Dialect(
    "table",
    (frozenset(),),
    {
        **_QUALITY,
        "animal_id": (
            "animal_id", "animalid", "animal", "individual", "individual_id", "id", "aid",
            "track_id", "trackid", "collar_id", "collar", "tag_id", "tag", "device_id", "name",
            "animal_name", "животное", "ошейник",
        ),
        "time": (
            "time", "timestamp", "datetime", "date_time", "date", "t", "time_utc", "utc_time",
            "gmt_time", "acquisition_time", "fix_time", "время", "дата",
        ),
        "x": (
            "x", "lon", "long", "longitude", "easting", "location_long", "utm_x", "utm_easting",
            "долгота",
        ),
        "y": (
            "y", "lat", "latitude", "northing", "location_lat", "utm_y", "utm_northing", "широта",
        ),
    },
)  # fmt: skip

DIALECTS = (MOVEBANK, ARGOS, EARTHRANGER, GENERIC)


def plain(name: object) -> str:
    """Return a column's name in small letters, with underscores for anything else.

    Examples
    --------
    >>> [plain(name) for name in ("location-long", "location.long", "Loc. date", "gps:hdop", "x_")]
    ['location_long', 'location_long', 'loc_date', 'gps_hdop', 'x']
    """
    return re.sub(r"\W+|_+", "_", str(name).strip().lower()).strip("_")


def dialect_of(names: Iterable[object]) -> Dialect:
    """Return the format whose columns a table has; a plain table where it is none of them."""
    held = {plain(name) for name in names}
    return next(one for one in DIALECTS if any(signs <= held for signs in one.signs))


def named_columns(names: Iterable[object], dialect: Dialect) -> dict[str, str]:
    """Return, for each of our names that a table knows, the column that holds it.

    Examples
    --------
    >>> named_columns(["id", "date", "x", "y"], GENERIC)
    {'animal_id': 'id', 'time': 'date', 'x': 'x', 'y': 'y'}
    """
    held: dict[str, str] = {}
    for name in names:
        held.setdefault(plain(name), str(name))
    found = {
        ours: next((held[one] for one in candidates if one in held), None)
        for ours, candidates in dialect.columns.items()
    }
    known = {ours: theirs for ours, theirs in found.items() if theirs is not None}
    order = ("animal_id", "time", "x", "y")
    return {ours: known[ours] for ours in (*order, *known) if ours in known}


def columns_held(
    names: Iterable[object], declared: Mapping[str, str | tuple[str, ...]]
) -> dict[str, str | tuple[str, ...]]:
    """Return which columns hold what, by our names: as declared, else as their names say.

    Parameters
    ----------
    names
        Of the table's columns.
    declared
        Columns by our names; where there are any, no name is guessed.
    """
    listed = list(names)
    return dict(declared) if declared else dict(named_columns(listed, dialect_of(listed)))
