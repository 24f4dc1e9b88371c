"""Planes of metres in which tracks are analysed: exact areas, and nothing assumed about the CRS.

Each animal's track in degrees gets a plane of its own: Lambert azimuthal equal-area on the WGS 84
ellipsoid, centred on the track. A spherical equidistant plane, as is the default elsewhere,
stretches paths by more than two parts in a thousand.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from kulan.errors import InvalidGeometryError, UnknownCrsError
from kulan.places import WGS84

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plane:
    """A plane of metres.

    Attributes
    ----------
    crs
        A projected system in metres, in words pyproj understands; "" for declared local metres,
        which lie nowhere on Earth.
    """

    crs: str = ""

    def __post_init__(self) -> None:
        if self.crs:
            _check_metres(self.crs)

    @property
    def is_local(self) -> bool:
        """Whether the metres are local: without a place on Earth."""
        return not self.crs

    @cached_property
    def _to_plane(self) -> Transformer:
        return Transformer.from_crs(WGS84, self.crs, always_xy=True)

    def forward(self, longitude: ArrayLike, latitude: ArrayLike) -> tuple[Floats, Floats]:
        """Return x and y, m, of longitudes and latitudes in degrees."""
        self._check_on_earth()
        x_m, y_m = self._to_plane.transform(np.asarray(longitude), np.asarray(latitude))
        return np.asarray(x_m, dtype=float), np.asarray(y_m, dtype=float)

    def inverse(self, x_m: ArrayLike, y_m: ArrayLike) -> tuple[Floats, Floats]:
        """Return longitude and latitude, degrees, of x and y in m."""
        self._check_on_earth()
        longitude, latitude = self._to_plane.transform(
            np.asarray(x_m), np.asarray(y_m), direction="INVERSE"
        )
        return np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)

    def _check_on_earth(self) -> None:
        if self.is_local:
            raise UnknownCrsError(
                "these coordinates are local metres and lie nowhere on Earth: name the system they "
                "are in to get longitudes and latitudes."
            )


LOCAL = Plane()


def plane_around(longitude: ArrayLike, latitude: ArrayLike) -> Plane:
    """Return the equal-area plane centred on some positions.

    Parameters
    ----------
    longitude, latitude
        Degrees on WGS 84, at least one finite pair.

    Returns
    -------
    Plane
        Lambert azimuthal equal-area (ellipsoidal), centred on the mean direction of the positions,
        rounded to a hundredth of a degree: tracks that differ by a fix share their plane.

    Raises
    ------
    InvalidGeometryError
        If no position is finite.

    Examples
    --------
    >>> plane_around([107.0, 107.4], [45.1, 45.3]).crs
    '+proj=laea +lat_0=45.2 +lon_0=107.2 +datum=WGS84 +units=m'
    """
    lon, lat = np.deg2rad(np.asarray(longitude, float)), np.deg2rad(np.asarray(latitude, float))
    finite = np.isfinite(lon) & np.isfinite(lat)
    if not finite.any():
        raise InvalidGeometryError("no finite position: there is nothing to centre a plane on.")
    lon, lat = lon[finite], lat[finite]
    # a mean of unit vectors holds across the 180th meridian
    east = (np.cos(lat) * np.cos(lon)).mean(), (np.cos(lat) * np.sin(lon)).mean()
    centre_lon = np.rad2deg(np.arctan2(east[1], east[0]))
    centre_lat = np.rad2deg(np.arctan2(np.sin(lat).mean(), np.hypot(*east)))
    return Plane(
        f"+proj=laea +lat_0={_short(centre_lat)} +lon_0={_short(centre_lon)} +datum=WGS84 +units=m"
    )


def _short(degrees: float) -> str:
    return f"{round(float(degrees), 2) + 0.0:g}"


def _check_metres(name: str) -> None:
    try:
        crs = CRS.from_user_input(name)
    except CRSError as error:
        raise UnknownCrsError(
            f"'{name}' is no coordinate system: name an EPSG code such as EPSG:32648."
        ) from error
    units = {axis.unit_name for axis in crs.axis_info[:2]}
    if not crs.is_projected or units != {"metre"}:
        raise UnknownCrsError(
            f"'{name}' is in {', '.join(sorted(units)) or 'unknown units'}: a plane is projected "
            "and in metres. Name another, or leave it out for one centred on the track."
        )
