"""What is told of findings at barriers is told in the reader's language, whatever was found."""

import math
import re

import pandas as pd

from kulan.assessment.movement.barrier_notes import (
    change_told,
    crossing_told,
    effect_told,
    times_told,
    unknown_told,
    weighing_told,
)
from kulan.assessment.movement.barrier_tables import species_told
from kulan.assessment.movement.reading import read_fixes_asked
from kulan.movement.barriers.crossing_places import EffectDistance
from kulan.movement.barriers.outcomes import NO_FIX, RIM
from kulan.movement.intervals import Interval
from kulan.words import words_in

NONE_CROSSED = pd.Series(
    {
        "crossed": 0.0,
        "animals": 3.0,
        "encounters": 24.0,
        "probability_high": 0.1368,
        "animals_share_high": 0.6316,
        "weighed_encounters": 20.0,
        "weighed_animals": 2.0,
    }
)
HERD = pd.DataFrame({"animal_id": ["a", "b"], "species": ["Equus hemionus", ""]})
NAMES = {"UTC", "Movebank", "HDOP", "PDOP", "dop", "gps", "soon"}
TWO = pd.DataFrame({"animal_id": ["a", "b"], "species": ["Equus hemionus", "Saiga tatarica"]})


def effect(weeks):
    unknown = Interval(math.nan, math.nan, math.nan)
    made = object.__new__(EffectDistance)
    for name, value in (("distance_m", unknown), ("weeks", weeks)):
        object.__setattr__(made, name, value)
    return made


def every_note():
    yield from crossing_told(NONE_CROSSED)
    yield from weighing_told(NONE_CROSSED)
    yield from unknown_told(pd.DataFrame({"why_unknown": [NO_FIX, RIM]}))
    yield from change_told(0.0, None)
    yield from effect_told(effect(1), 5000.0)
    yield from effect_told(effect(1000), 5000.0)
    yield from times_told(is_local=True, clock="utc")
    yield from times_told(is_local=True, clock="elapsed")
    yield from species_told(HERD)
    yield from species_told(TWO)


def test_every_note_is_said_in_russian_and_french():
    notes = list(every_note())
    assert len(set(notes)) == len(notes) == 15
    for note in notes:
        said = note.said(words_in("ru"))
        russian = re.sub(r"barrier_permeabilities\.csv|--species( \w+)?|UTC", "", said)
        assert not set(re.findall(r"[A-Za-z_]{2,}", russian)) - {"khulan", "saiga"}
        assert note.said(words_in("fr")) != note


def test_where_much_is_in_doubt_at_the_rim_it_is_said_which_way_shares_lean():
    told = unknown_told(pd.DataFrame({"why_unknown": [NO_FIX] * 9 + [RIM] + [""] * 7}))
    assert "That is 12 % of those with fixes" in told[-1]
    assert "may be too high" in told[-1]
    few = unknown_told(pd.DataFrame({"why_unknown": [NO_FIX] + [RIM] + [""] * 10}))
    assert not any("too high" in note for note in few)


def test_limits_are_rounded_and_animals_are_whole():
    first = crossing_told(NONE_CROSSED)[0]
    assert first.startswith("None of 3 animals crossed in 24 encounters")
    assert "at most 0.14, and at most 0.63 of animals" in first
    assert "0,14" in first.said(words_in("ru"))


def test_what_was_changed_on_reading_a_file_is_said_in_russian(tmp_path):
    path = tmp_path / "gobi.csv"
    path.write_text(
        "individual-local-identifier,timestamp,location-long,location-lat,gps:dop\n"
        "K1,2024-05-01 02:00:00.000,107.1,45.1,1\n"
        "K1,2024-05-01 01:00:00.000,107.2,45.1,2\n"
        "K1,soon,107.2,45.2,2\n",
        encoding="utf-8",
    )
    read = read_fixes_asked((path,))
    assert "gobi.csv: times taken for UTC: Movebank's attribute dictionary says" in " ".join(
        read.notes
    )
    for note in read.notes:
        said = note.said(words_in("ru")).replace("gobi.csv", "")
        assert set(re.findall(r"[A-Za-z]{2,}", said)) <= NAMES
