"""What is doubted of fixes before anything is reckoned from them."""

import numpy as np
import pandas as pd
import pytest

from kulan.assessment.movement.doubts import doubts_of
from kulan.movement.fixes import Flag, make_fixes
from kulan.places import WGS84

DAY_S = 86_400.0


def fixes_of(*animals, crs=""):
    tables = [
        pd.DataFrame({"animal_id": name, "time": time, "x": x, "y": y})
        for name, time, x, y in animals
    ]
    return make_fixes(pd.concat(tables, ignore_index=True), crs=crs, clock="elapsed")


def days(count):
    return np.arange(count) * DAY_S


def test_animals_are_named_together_by_what_is_doubted():
    told = doubts_of(
        fixes_of(
            ("a", [0.0], [0.0], 0.0),
            ("b", [0.0, DAY_S], [0.0, 900.0], 0.0),
            ("c", days(3) / 4, [0.0, 900.0, 1800.0], 0.0),
            ("d", days(9), np.arange(9) * 900.0, 0.0),
            ("e", days(9), np.arange(9) * 5.0, 0.0),
            ("f", days(20), np.arange(20).clip(9) * 900.0, 0.0),
        )
    )
    assert [one.partition(".")[0] for one in told] == [
        "One usable fix, so no step and no path: a",
        "Followed for a day or less: b, c",
        "Never further than 50 m from one place: e",
        "Still for 7 days or more at an end of the record, within 50 m: f (10 fixes)",
    ]


def test_what_is_set_aside_is_not_doubted_again():
    fixes = fixes_of(("k", days(9), np.zeros(9), 0.0))
    assert doubts_of(fixes)
    tail = np.full(9, Flag.STATIONARY_TAIL, np.uint16)
    assert doubts_of(fixes.with_flags(tail)) == []


@pytest.mark.parametrize("longitude", [107.0, 180.0])
def test_stillness_in_degrees_is_measured_in_metres(longitude):
    turned = (longitude + np.array([-1, 1] * 10) * 2e-4 + 180) % 360 - 180
    still = fixes_of(("k", days(20), turned, 66.0), crs=WGS84)
    assert "Never further than 50 m" in doubts_of(still)[0]
    wide = (longitude + np.array([-1, 1] * 10) * 2e-3 + 180) % 360 - 180
    assert doubts_of(fixes_of(("k", days(20), wide, 66.0), crs=WGS84)) == []
