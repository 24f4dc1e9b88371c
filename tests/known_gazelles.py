"""The 36 Mongolian gazelles (Dryad doi:10.5061/dryad.45157) and what ctmm 1.3.0 says of them."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kulan.movement.tracks import Track


def telemetry():
    """Folder of the telemetry cases, or skip."""
    data = Path(os.environ.get("KULAN_SHARED_DATA", "shared/data"))
    folder = data.parent / "conformance" / "telemetry"
    if not folder.is_dir():
        pytest.skip(f"no telemetry cases at {folder}; name real data in KULAN_SHARED_DATA")
    return folder


def tracks():
    """Each animal's track, in local metres and elapsed seconds."""
    table = pd.read_csv(telemetry() / "ctmm_gazelle.csv")
    return {
        name: Track(
            name,
            rows["t"].to_numpy(float),
            rows["x"].to_numpy(float),
            rows["y"].to_numpy(float),
            clock="elapsed",
        )
        for name, rows in table.groupby("individual", sort=False)
    }


def answers():
    """What ctmm answers, by animal."""
    told = json.loads((telemetry() / "ctmm_gazelle.json").read_text())
    return {one["id"]: one for one in told["results"]}


def sigma_of(answer):
    """Covariance of ctmm's best model, m²."""
    return np.array(answer["fit"]["sigma"]).reshape(2, 2)
