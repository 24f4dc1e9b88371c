"""What barriers are called in sentences: by short names, with ids where those are needed."""

from collections.abc import Sequence

import pandas as pd

_MOST_TOLD = 6


def short_name(name: str) -> str:
    """Return a name up to its first bracket, where often the places along a line follow.

    Examples
    --------
    >>> short_name("Trans-Mongolian Railway (Sukhbaatar - Ulaanbaatar - Zamyn-Uud)")
    'Trans-Mongolian Railway'
    >>> short_name("(a fence)")
    '(a fence)'
    """
    return name.split("(", maxsplit=1)[0].strip() or name.strip()


def names_by_id(table: pd.DataFrame) -> dict[str, str]:
    """Return the short name of each barrier by its id; the id itself where no name is known.

    Parameters
    ----------
    table
        With `barrier_id` and `name`.
    """
    found: dict[str, str] = {}
    for barrier, name in zip(table["barrier_id"].astype(str), table["name"], strict=True):
        known = isinstance(name, str) and name.strip()
        found.setdefault(barrier, short_name(name) if known else barrier)
    return found


def with_id(barrier_id: str, name: str) -> str:
    """Return a name with its id behind it, or only the id where it is its own name.

    Parameters
    ----------
    barrier_id, name
        Of one barrier.
    """
    return barrier_id if name == barrier_id else f"{name} ({barrier_id})"


def titled(table: pd.DataFrame, ids: Sequence[str]) -> list[str]:
    """Return what barriers are called in a title: without ids, unless two share a name.

    Parameters
    ----------
    table
        With `barrier_id` and `name`.
    ids
        Which barriers.

    Examples
    --------
    >>> two = pd.DataFrame({"barrier_id": ["B1", "B2"], "name": ["Fence (north)", "Fence (south)"]})
    >>> titled(two, ["B1"]), titled(two, ["B1", "B2"])
    (['Fence'], ['Fence (B1)', 'Fence (B2)'])
    """
    names = names_by_id(table)
    own = [names[one] for one in ids]
    return [
        with_id(one, name) if own.count(name) > 1 else name
        for one, name in zip(ids, own, strict=True)
    ]


def told(table: pd.DataFrame, ids: Sequence[str], *, most: int = _MOST_TOLD) -> str:
    """List barriers in an English sentence, by name and id; of many, those beyond are counted.

    Parameters
    ----------
    table
        With `barrier_id` and `name`.
    ids
        Which barriers; each is listed once.
    most
        How many are listed.

    Examples
    --------
    >>> rows = pd.DataFrame({"barrier_id": ["B1", "fence"], "name": ["Railway (main)", "fence"]})
    >>> told(rows, ["B1", "fence"]), told(rows, ["B1", "fence"], most=1)
    ('Railway (B1), fence', 'Railway (B1) and 1 more')
    """
    names = names_by_id(table)
    once = list(dict.fromkeys(ids))
    listed = ", ".join(with_id(one, names[one]) for one in once[:most])
    return listed if len(once) <= most else f"{listed} and {len(once) - most} more"
