"""Fixes that were read and written before: what may still be said of them, and what may not."""

import pandas as pd

from kulan.errors import InvalidTableError
from kulan.exchange.losses import Losses
from kulan.exchange.telemetry.asked import TelemetryAsked
from kulan.notes import Note
from kulan.words import N_


def check_ours(asked: TelemetryAsked, name: str) -> None:
    """Refuse what a file of ours already knows: whose its fixes are, when, and in which columns.

    Parameters
    ----------
    asked
        What the user says.
    name
        Of the file, for messages.

    Raises
    ------
    InvalidTableError
        If animal, step, columns or constants are said.

    Examples
    --------
    >>> check_ours(TelemetryAsked(species="saiga_tatarica"), "fixes.parquet")
    """
    said = {
        "--animal (to choose animals, give --only)": asked.animal is not None,
        "--step-seconds": asked.step_s is not None,
        "a mapping of columns (--mapping)": bool(asked.columns or asked.constants),
    }
    wrong = [option for option, given in said.items() if given]
    if wrong:
        raise InvalidTableError(
            f"{name}: Kulan wrote it, and it says itself whose its fixes are, when and where. "
            f"Leave out {', '.join(wrong)}, or read the first files again."
        )


def with_species(table: pd.DataFrame, asked: TelemetryAsked, losses: Losses) -> pd.DataFrame:
    """Fill in the species where fixes of ours have none; what they have stays, and that is told.

    Parameters
    ----------
    table
        Fixes under our names.
    asked
        What the user says.
    losses
        Where a species that was set aside is told.
    """
    if asked.species is None:
        return table
    if "species" not in table:
        return table.assign(species=pd.Series(asked.species, index=table.index).astype("str"))
    known = table["species"].notna()
    others = (known & (table["species"].astype("str") != asked.species)).to_numpy()
    losses.change(
        others.nonzero()[0] + 1,
        N_("declared species set aside"),
        Note(N_("{species} was given, and the fixes have their species"), species=asked.species),
    )
    return table.assign(species=table["species"].astype("str").where(known, asked.species))
