"""Circuits on networks of named nodes, asked from tables: resistances and currents come out."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kulan.assessment.connectivity.folders import Answer
from kulan.assessment.connectivity.running import Running
from kulan.connectivity.circuits.networks import (
    Network,
    NetworkConnectivity,
    network_of,
    network_pairwise,
)
from kulan.errors import InvalidFileError, InvalidTableError, UnknownNameError
from kulan.provenance import Input, hash_file

_FEWEST = 2


@dataclass(frozen=True)
class NamedNetwork:
    """A network whose nodes have names.

    Attributes
    ----------
    network
        Its nodes are numbered from 0 in the order of `names`.
    names
        Of the nodes, in the order the table names them first.
    source
        The table, by hash.
    column
        The column that counted.
    notes
        What was joined or left out.
    """

    network: Network
    names: tuple[str, ...]
    source: Input
    column: str
    notes: tuple[str, ...] = ()

    def number(self, name: str) -> int:
        """Return the number of a node.

        Raises
        ------
        UnknownNameError
            If no link names it.
        """
        if name not in self.names:
            few = ", ".join(self.names[:12]) + (", ..." if len(self.names) > 12 else "")
            raise UnknownNameError(
                f"--sites {name}: no link of {self.source.name} names such a node. It has {few}."
            )
        return self.names.index(name)


def read_links(path: Path, column: str | None = None) -> NamedNetwork:
    """Read a network from a table of links.

    Parameters
    ----------
    path
        CSV with a heading: `first`, `second` (names or numbers of the nodes a link joins), and
        `resistance` in ohm or `conductance` in siemens.
    column
        A column to take for the resistance, such as `cost_km` of the links of corridors.

    Raises
    ------
    InvalidFileError
        If it is no such table.
    InvalidTableError
        If a value is not positive and finite, a node has no name, or no link is left.
    """
    table = read_rows(path)
    missing = [name for name in ("first", "second") if name not in table]
    value = column or next((one for one in ("resistance", "conductance") if one in table), "")
    if missing or value not in table:
        wanted = ", ".join([*missing, *([value or "resistance"] if value not in table else [])])
        raise InvalidFileError(
            f"{path.name}: no column {wanted}; found {', '.join(map(str, table.columns))}. Give "
            "first, second, and resistance or conductance, or name the column of resistances with "
            "--resistance."
        )
    first, second = (table[name].str.strip() for name in ("first", "second"))
    unnamed = (first == "") | (second == "")
    if unnamed.any():
        raise InvalidTableError(
            f"{path.name}: line {int(np.argmax(unnamed)) + 2} lacks the name of a node."
        )
    amount = _positive(table[value], path.name, value)
    loops = (first == second).to_numpy()
    notes = []
    if loops.any():
        notes.append(f"{int(loops.sum())} links lead from a node to itself and carry nothing.")
    names = tuple(dict.fromkeys(pd.concat([first, second], axis=1).to_numpy().ravel()))
    index = pd.Index(names)
    conductance = amount if value == "conductance" and column is None else 1.0 / amount
    a, b = (index.get_indexer(pd.Index(end))[~loops].astype(np.int64) for end in (first, second))
    network = network_of(a, b, conductance[~loops])
    if len(network.links) < a.size:
        notes.append(
            f"{a.size - len(network.links)} links join nodes that another joins too; their "
            "conductances are added."
        )
    return NamedNetwork(network, names, Input(path.name, hash_file(path)), value, tuple(notes))


def read_rows(path: Path) -> pd.DataFrame:
    """Read a CSV with a heading, every cell as text.

    Raises
    ------
    InvalidFileError
        If it is none.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InvalidFileError(
            f"{path.name}: no table (CSV, UTF-8, with a heading): {str(error).strip()}."
        ) from error
    return table.rename(columns=str.strip)


def _positive(texts: "pd.Series[str]", file: str, column: str) -> NDArray[np.float64]:
    values = pd.to_numeric(texts, errors="coerce").to_numpy(np.float64)
    bad = ~(np.isfinite(values) & (values > 0))
    if bad.any():
        k = int(np.argmax(bad))
        raise InvalidTableError(
            f"{file}: {column} in line {k + 2} is {texts.iloc[k]!r}; a number above zero is "
            "needed. Leave out links that do not conduct; merge nodes that are one."
        )
    return values


def read_nodes(given: Sequence[str], network: NamedNetwork) -> tuple[str, ...]:
    """Read the names of focal nodes: given as such, or in the column `node` of a CSV.

    Raises
    ------
    UnknownNameError
        If the network has no such node.
    InvalidFileError
        If a table has no column `node`.
    InvalidTableError
        If there are fewer than two.
    """
    names: dict[str, None] = {}
    for one in given:
        if one in network.names or not Path(one).is_file():
            names[one] = None
            continue
        table = read_rows(Path(one))
        if "node" not in table:
            raise InvalidFileError(
                f"{Path(one).name}: no column node; found {', '.join(map(str, table.columns))}."
            )
        names |= dict.fromkeys(table["node"].str.strip())
    for name in names:
        network.number(name)
    if len(names) < _FEWEST:
        raise InvalidTableError(f"--sites: {len(names)} found, at least {_FEWEST} are needed.")
    return tuple(names)


def connect_nodes(
    network: NamedNetwork, sites: Sequence[str], running: Running | None = None
) -> Answer:
    """Send one ampere between every two focal nodes of a network.

    Parameters
    ----------
    network
        The linked nodes.
    sites
        Names of the focal nodes.
    running
        How it is worked on.

    Returns
    -------
    Answer
        The tables `resistance` (between focal nodes, ohm), `nodes` and `links` (currents summed
        over all pairs, A).
    """
    running = running or Running()
    found = network_pairwise(
        network.network,
        [network.number(name) for name in sites],
        solving=running.solving,
        executor=running.executor,
        report=running.telling("pairs"),
    )
    resistance = _resistance(network, found)
    states = resistance["state"]
    links = network.network.links
    return Answer(
        f"{network_pairwise.__module__}.{network_pairwise.__name__}",
        {
            "sites": list(sites),
            "column": network.column,
            "tolerance": running.solving.tolerance,
        },
        (network.source,),
        {
            "nodes": len(network.names),
            "links": len(links),
            "sites": len(sites),
            "pairs": len(resistance),
            "without_a_way": int((states == "no way").sum()),
            "not_solved": int((states == "not solved").sum()),
        },
        tables={
            "resistance": resistance,
            "nodes": _nodes(network, found, sites),
            "links": pd.DataFrame(
                {
                    "first": _names(network, links.first),
                    "second": _names(network, links.second),
                    "conductance_s": links.conductance,
                    "current_a": found.link_current,
                }
            ),
        },
        notes=[*network.notes, *_notes(network, found, states)],
    )


def _names(network: NamedNetwork, positions: NDArray[np.int64]) -> list[str]:
    return [network.names[int(network.network.nodes[position])] for position in positions]


def _resistance(network: NamedNetwork, found: NetworkConnectivity) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for (i, first), (j, second) in itertools.combinations(enumerate(found.sites), 2):
        ohm = float(found.resistance[i, j])
        state = "connected" if np.isfinite(ohm) else "no way" if np.isinf(ohm) else "not solved"
        names = {"first": network.names[first], "second": network.names[second]}
        rows.append(names | {"resistance_ohm": ohm if np.isfinite(ohm) else None, "state": state})
    return pd.DataFrame(rows)


def _nodes(network: NamedNetwork, found: NetworkConnectivity, sites: Sequence[str]) -> pd.DataFrame:
    links, n = network.network.links, network.network.nodes.size
    graph = coo_array((links.conductance, (links.first, links.second)), shape=(n, n))
    _, part = connected_components(graph.tocsr(), directed=False)
    names = _names(network, np.arange(n))
    return pd.DataFrame(
        {
            "node": names,
            "site": [name in sites for name in names],
            "part": part + 1,
            "current_a": found.node_current,
        }
    )


def _notes(
    network: NamedNetwork, found: NetworkConnectivity, states: "pd.Series[str]"
) -> list[str]:
    notes = [
        f"The pair {network.names[one.first]}, {network.names[one.second]} could not be solved and "
        f"is missing: {one.reason}"
        for one in found.failures
    ]
    apart = int((states == "no way").sum())
    if apart:
        notes.append(f"{apart} pairs lie in different parts of the network: no way joins them.")
    return notes
