"""What `kulan programme answers` does: for whoever has the server itself, and so needs no role."""

from dataclasses import dataclass

from kulan.web.people.roles import Role
from kulan.web.policy import PUBLIC, Viewer
from kulan.web.programme.reporting.exporting import every_cycle_file
from kulan.web.programme.reporting.files import given
from kulan.words import Words


@dataclass(frozen=True, slots=True)
class Answers:
    """A file of answers, and of how many reports they are."""

    body: bytes
    reports: int


def answers_of_all_cycles(ending: str, words: Words, *, everything: bool) -> Answers:
    """Return the answers of all cycles as a file, and write down that they were taken.

    Parameters
    ----------
    ending
        One of `EVERY_CYCLE_FILES`.
    words
        Language of tables.
    everything
        Whether as the secretariat reads them; else as everyone does.

    Raises
    ------
    NotAllowedNowError
        If there is no report yet.
    """
    secretariat = Viewer(name="command line", roles=frozenset({Role.SECRETARIAT}))
    viewer = secretariat if everything else PUBLIC
    prepared = every_cycle_file(viewer, ending, words)
    body = prepared.make()
    given(viewer, prepared)
    return Answers(body, prepared.event[2]["reports"])
