"""The first pages of a review: who reported, how far actions are, what differs, what is late."""

from collections import Counter

from kulan.programme.evidence.statuses import STATUS_NAMES
from kulan.programme.reporting import STATE_NAMES, STATUSES_SAID
from kulan.report.document import (
    Block,
    Callout,
    Cell,
    Column,
    KeyValues,
    Paragraph,
    Row,
    Section,
    Table,
)
from kulan.report.programme_review.chart import COLOURS, status_chart
from kulan.report.programme_review.facts import ReviewFacts
from kulan.report.reader import Reader


def said_name(code: str, reader: Reader) -> str:
    """Return what a status said by a state is called; a dash where nothing was said."""
    return reader.say(STATUSES_SAID[code]) if code in STATUSES_SAID else (code or "–")


def computed_name(code: str, reader: Reader) -> str:
    """Return what a computed status is called; a dash where none was computed."""
    names = {str(status): name for status, name in STATUS_NAMES.items()}
    return reader.say(names[code]) if code in names else (code or "–")


def reporter_name(reporter_id: str, reader: Reader) -> str:
    """Return the name of a state, or the short name of an organisation."""
    if reporter_id.startswith("org:"):
        return reporter_id.removeprefix("org:")
    return reader.state(reporter_id)


def overview(facts: ReviewFacts, reader: Reader) -> Section:
    """Return the first section."""
    say = reader.say
    came = {report.reporter_id: report for _, report in facts.national}
    accepted = [one for one in came.values() if one.state in {"accepted", "locked"}]
    items = (
        (say("Reports of states"), Cell(f"{len(came)} / {max(len(facts.awaited), len(came))}")),
        (say("Accepted or locked"), Cell(str(len(accepted)))),
        (say("Reports of organisations"), Cell(str(len(facts.projects)))),
        (say("Actions asked about"), Cell(str(len(facts.actions)))),
        (say("Said otherwise than computed"), Cell(str(len(facts.differences)))),
        (say("Overdue actions"), Cell(str(len(facts.overdue)))),
    )
    blocks: list[Block] = [KeyValues(say("At a glance"), items)]
    missing = [one for one in facts.awaited if one not in came]
    if missing:
        names = ", ".join(reporter_name(one, reader) for one in missing)
        line = say("No report came from: {states}.", states=names)
        blocks.append(Callout(say("What this review does not know"), (line,)))
    blocks.append(
        Paragraph(
            say(
                "Two statuses stand beside each other: what a state says of an action, and what "
                "the register computes from evidence. Where they cannot both be right, the row is "
                "marked with “!”; neither replaces the other."
            )
        )
    )
    return Section("overview", say("Overview"), tuple(blocks))


def by_section(facts: ReviewFacts, reader: Reader) -> Section:
    """Return the chart and table of sections, and the table of states."""
    say = reader.say
    names = {
        "done": said_name("done", reader),
        "under_way": said_name("under_way", reader),
        "not_started": said_name("not_started", reader),
        "other": say("other answers"),
    }
    rows = _section_counts(facts, reader)
    blocks: list[Block] = []
    chart = status_chart([(title, counts) for title, counts, _ in rows], names, reader)
    if chart is not None:
        blocks.append(chart)
    columns = (
        Column(say("Section"), share=1.9),
        *(Column(names[one], numeric=True) for one in COLOURS),
        Column(say("computed as done"), numeric=True),
    )
    table = Table(
        say("Answers of states by section, and statuses computed by state"),
        columns,
        tuple(
            Row(
                (
                    Cell(title),
                    *(Cell(str(counts.get(one, 0))) for one in COLOURS),
                    Cell(str(done)),
                )
            )
            for title, counts, done in rows
        ),
        whole=True,
    )
    blocks += [table, _states(facts, reader)]
    return Section("by-section", say("By section and state"), tuple(blocks))


def _section_counts(facts: ReviewFacts, reader: Reader) -> list[tuple[str, dict[str, int], int]]:
    titles = {
        one.section_id: one.title.tell(reader.words.language)
        for questionnaire, _ in facts.national
        for one in questionnaire.sections
    }
    counts: dict[str, Counter[str]] = {}
    done: Counter[str] = Counter()
    states = [report.reporter_id for _, report in facts.national]
    for action_key, question in facts.actions.items():
        here = counts.setdefault(question.section, Counter())
        for said in facts.said.get(action_key, {}).values():
            here[said if said in COLOURS else "other"] += 1
        done[question.section] += sum(
            facts.computed_for(action_key, iso3) == "done" for iso3 in states
        )
    return [(titles[one], dict(here), done[one]) for one, here in counts.items()]


def _states(facts: ReviewFacts, reader: Reader) -> Table:
    say = reader.say
    columns = (
        Column(say("State"), share=1.7),
        Column(say("State of the report"), share=1.3),
        Column(said_name("done", reader), numeric=True),
        Column(said_name("under_way", reader), numeric=True),
        Column(said_name("not_started", reader), numeric=True),
        Column(say("Said otherwise than computed"), numeric=True),
    )
    differing = Counter(iso3 for _, iso3, _, _ in facts.differences)
    rows = []
    for _, report in facts.national:
        said = Counter(by_state.get(report.reporter_id) for by_state in facts.said.values())
        here = differing[report.reporter_id]
        rows.append(
            Row(
                (
                    Cell(reporter_name(report.reporter_id, reader)),
                    Cell(say(STATE_NAMES[report.state])),
                    *(Cell(str(said[one])) for one in ("done", "under_way", "not_started")),
                    Cell(str(here), tone="caution" if here else ""),
                )
            )
        )
    return Table(say("Reports by state"), columns, tuple(rows), whole=True)


def differences(facts: ReviewFacts, reader: Reader) -> Section:
    """Return where states and the register say different things."""
    say = reader.say
    title = say("Said otherwise than computed")
    if not facts.differences:
        return Section("differences", title, (Paragraph(say("Nowhere in this cycle.")),))
    columns = (
        Column(say("Action"), share=3),
        Column(say("State"), share=1.4),
        Column(say("The state says")),
        Column(say("Computed")),
    )
    rows = tuple(
        Row(
            (
                Cell(facts.actions[action_key].heading.tell(reader.words.language)),
                Cell(reporter_name(iso3, reader)),
                Cell(said_name(said, reader), tone="caution"),
                Cell(f"!\N{NO-BREAK SPACE}{computed_name(computed, reader)}", tone="caution"),
            )
        )
        for action_key, iso3, said, computed in facts.differences
    )
    caption = say("Actions of which the state says one thing and the evidence another")
    return Section("differences", title, (Table(caption, columns, rows, whole=True),))


def overdue(facts: ReviewFacts, reader: Reader) -> Section:
    """Return what should have been done by now."""
    say = reader.say
    title = say("Overdue actions")
    if not facts.overdue:
        none = Paragraph(say("No action is overdue by the evidence in the register."))
        return Section("overdue", title, (none,))
    columns = (Column(say("Action"), share=3), Column(say("States that call it done"), share=2))
    rows = tuple(
        Row(
            (
                Cell(facts.actions[one].heading.tell(reader.words.language)),
                Cell(
                    ", ".join(
                        reporter_name(iso3, reader)
                        for iso3, said in sorted(facts.said.get(one, {}).items())
                        if said == "done"
                    )
                    or "–"
                ),
            )
        )
        for one in facts.overdue
    )
    caption = say("Actions past their day and not done in the whole range")
    return Section("overdue", title, (Table(caption, columns, rows, whole=True),))
