"""Where the processes of one server keep their figures for each other."""

import os
import shutil
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Setting by which prometheus-client learns of the folder: before it is first imported."""


def make_folder(state: Path) -> None:
    """Make the folder in which the processes of one server keep their figures, empty."""
    folder = state / "run" / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[FOLDER] = str(folder)
