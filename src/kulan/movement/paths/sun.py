"""Sun and season at each fix: day, twilight or night, and the quarter of the year."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kulan.errors import InvalidTableError
from kulan.movement.tracks import Track

Floats = NDArray[np.float64]
# the centre of the sun at rising and setting: half its width, and the air's refraction
RISING_DEG = -0.833
CIVIL_TWILIGHT_DEG = -6.0
_J2000_S = 946_728_000.0  # 2000-01-01 12:00 UTC
_DAY_S = 86_400.0
SEASONS = ("winter", "spring", "summer", "autumn")


def sun_elevation_deg(time_s: ArrayLike, longitude: ArrayLike, latitude: ArrayLike) -> Floats:
    """Return how high the sun stands over the horizon, degrees, without refraction.

    Good to a few hundredths of a degree between 1950 and 2050 (low-precision formula of the
    Astronomical Almanac): to about ten seconds of sunrise in Central Asia.

    Parameters
    ----------
    time_s
        Seconds since 1970-01-01 UTC.
    longitude, latitude
        Degrees on WGS 84.

    References
    ----------
    Michalsky, J. J. (1988). The Astronomical Almanac's algorithm for approximate solar position
    (1950-2050). Solar Energy 40, 227-235.

    Examples
    --------
    >>> noon_s = 1718884905.0  # 2024-06-20 12:01:45 UTC
    >>> float(sun_elevation_deg(noon_s, 0.0, 23.436).round(1))  # on the tropic
    90.0
    """
    days = (np.asarray(time_s, dtype=float) - _J2000_S) / _DAY_S
    mean_longitude = 280.460 + 0.9856474 * days
    anomaly = np.deg2rad(357.528 + 0.9856003 * days)
    ecliptic = np.deg2rad(mean_longitude + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.deg2rad(23.439 - 0.0000004 * days)
    ascension = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    sidereal_h = 6.697375 + 0.0657098242 * days + (days + 0.5) % 1.0 * 24.0
    hour_angle = np.deg2rad(15.0 * (sidereal_h % 24.0) + np.asarray(longitude, float)) - ascension
    north = np.deg2rad(np.asarray(latitude, dtype=float))
    sine = np.sin(north) * np.sin(declination) + np.cos(north) * np.cos(declination) * np.cos(
        hour_angle
    )
    elevation: Floats = np.rad2deg(np.arcsin(np.clip(sine, -1.0, 1.0)))
    return elevation


def day_or_night(track: Track) -> NDArray[np.str_]:
    """Return "day", "twilight" (civil: the sun less than 6° down) or "night" at each fix.

    Parameters
    ----------
    track
        An animal's path.

    Raises
    ------
    InvalidTableError
        If its times are elapsed seconds, which have no day.
    UnknownCrsError
        If it lies nowhere on Earth.
    """
    check_dated(track, "day and night")
    longitude, latitude = track.plane.inverse(track.x_m, track.y_m)
    elevation = sun_elevation_deg(track.time_s, longitude, latitude)
    return np.where(
        elevation > RISING_DEG,
        "day",
        np.where(elevation > CIVIL_TWILIGHT_DEG, "twilight", "night"),
    )


def season_of(track: Track) -> NDArray[np.str_]:
    """Return the meteorological season at each fix: winter is December to February in the north.

    South of the equator seasons are exchanged. Months are counted in UTC.

    Parameters
    ----------
    track
        An animal's path.

    Raises
    ------
    InvalidTableError
        If its times are elapsed seconds, which have no season.
    UnknownCrsError
        If it lies nowhere on Earth.
    """
    check_dated(track, "seasons")
    months = track.time_s.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64) % 12
    quarter = (months + 1) // 3 % 4
    _, latitude = track.plane.inverse(track.x_m, track.y_m)
    return np.array(SEASONS)[np.where(latitude < 0, (quarter + 2) % 4, quarter)]


def check_dated(track: Track, what: str) -> None:
    """Refuse a track whose times are elapsed seconds.

    Parameters
    ----------
    track
        An animal's path.
    what
        What is wanted of it, for the message.

    Raises
    ------
    InvalidTableError
        If it has no dates.
    """
    if track.clock == "elapsed":
        raise InvalidTableError(
            f"track of {track.animal_id}: its times are seconds from an unknown origin, which have "
            f"no {what}. Give dates, or ask for something else."
        )
