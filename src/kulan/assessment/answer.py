"""A question answered against a release of the Atlas."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from kulan.assessment.baseline import baseline_of
from kulan.assessment.question import Question
from kulan.atlas import Release
from kulan.exchange import Reading
from kulan.screening import (
    InputFile,
    LossRecord,
    Scene,
    Screening,
    make_scene,
    screen_alternatives,
)


@dataclass(frozen=True)
class Answer:
    """What was found, what there is to draw, and the loss reports of the files behind it."""

    screening: Screening
    scene: Scene
    losses: pd.DataFrame


def answer_question(
    question: Question,
    release: Release,
    *,
    on: date,
    within_km: float = 50.0,
    progress: Callable[[int, int, str], None] | None = None,
) -> Answer:
    """Screen a question against a release of the Atlas.

    Parameters
    ----------
    question
        As `kulan.assessment.read_question` gives it.
    release
        An open release.
    on
        Day whose facts are asked for: treaties, standing barriers, age of layers.
    within_km
        How far around to look for borders, key areas and other barriers, km.
    progress
        Called with the steps done, the steps in all, and what is being done.

    Raises
    ------
    OutsideRegionError
        If an alternative lies wholly outside the region.
    TamperedFileError
        If a file of the release is not what its hash promises.
    """
    baseline = baseline_of(release)
    screening = screen_alternatives(
        question.alternatives,
        baseline,
        layers=question.layers,
        on=on,
        within_km=within_km,
        inputs=tuple(_input_file(reading) for reading in question.readings),
        losses=tuple(loss for reading in question.readings for loss in _losses(reading)),
        progress=progress,
    )
    scene = make_scene(screening, baseline, question.layers)
    return Answer(screening, scene, _loss_table(question))


def _input_file(reading: Reading) -> InputFile:
    source = reading.source
    return InputFile(source.name, source.sha256, source.format, source.declared_crs, source.n_read)


def _losses(reading: Reading) -> list[LossRecord]:
    return [
        LossRecord(
            file=reading.source.name,
            source_row=None if pd.isna(row["first_source_row"]) else int(row["first_source_row"]),
            what=str(row["what"]),
            reason=str(row["detail"]),
        )
        for row in reading.loss_report().to_dict("records")
    ]


def _loss_table(question: Question) -> pd.DataFrame:
    """Return the loss reports of all files under one heading, rows or none."""
    reports = []
    for reading in question.readings:
        report = reading.loss_report()
        report.insert(0, "file", reading.source.name)
        reports.append(report)
    filled = [report for report in reports if len(report)]
    return pd.concat(filled, ignore_index=True) if filled else reports[0]
