"""Tracks of several animals in one plane, for questions about the same places."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kulan.assessment.movement.reading import FixesAsked, TracksRead, read_tracks
from kulan.movement.planes import plane_around
from kulan.movement.tracks import tracks_of


def read_tracks_in_one_plane(paths: Sequence[Path], asked: FixesAsked | None = None) -> TracksRead:
    """Read tracks; fixes in degrees go to one equal-area plane around all of them.

    Parameters
    ----------
    paths
        Files and folders.
    asked
        What the command says of them; its plane, where it names one, is used.

    Raises
    ------
    NotEnoughDataError, InvalidFileError, InvalidTableError, UnknownCrsError, UnknownNameError
        As `kulan.assessment.movement.reading.read_tracks` says.
    """
    asked = asked or FixesAsked()
    read = read_tracks(paths, asked)
    if asked.plane is not None or not read.fixes.is_geographic:
        return read
    used = read.fixes.table[read.fixes.used]
    plane = plane_around(used["x"].to_numpy(), used["y"].to_numpy())
    tracks = tuple(track for track in tracks_of(read.fixes, plane) if len(track))
    return replace(read, tracks=tracks, asked=replace(asked, plane=plane))
