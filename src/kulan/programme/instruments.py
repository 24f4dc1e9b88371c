"""Treaties, memoranda, resolutions, plans and meetings, with their dates."""

import pandas as pd

from kulan.programme.loading import load
from kulan.programme.tables import INSTRUMENTS


def instruments() -> pd.DataFrame:
    """Return the instruments the programme rests on. See `tables.INSTRUMENTS`."""
    return load(INSTRUMENTS)
