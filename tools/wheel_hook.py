"""Hatch asks this before it builds: no package without what the pages load in a browser."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))  # hatch loads this file by its path

from front_end import VENDOR, differences, recorded


class FrontEndHook(BuildHookInterface[Any]):
    """Refuses to build from a checkout where `make front` has not been run."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compare the files with their hashes; an editable install is made before they are there.

        Parameters
        ----------
        version
            What is built: `standard` or `editable`.
        build_data
            Hatch's own; left as it is.

        Raises
        ------
        RuntimeError
            A file is missing, or not what it must be.
        """
        wrong = [] if version == "editable" else differences(VENDOR, recorded())
        if wrong:
            raise RuntimeError(
                f"The files that the pages load are not right in {VENDOR}; run make front, then "
                "build again:\n" + "\n".join(wrong)
            )
