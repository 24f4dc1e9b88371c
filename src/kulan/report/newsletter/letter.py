"""An issue in one language and in no format yet: titles, paragraphs, links."""

from dataclasses import dataclass
from datetime import timedelta

from kulan import __version__
from kulan.programme.newsletter import (
    KIND_NAMES,
    SECTION_NAMES,
    UPCOMING,
    Issue,
    IssueItem,
    items_of,
)
from kulan.report.reader import Reader
from kulan.words import Words


@dataclass(frozen=True)
class LetterItem:
    """An item: its title, what it is in a line, what is told of it, and where it is read."""

    title: str
    about: str
    paragraphs: tuple[str, ...]
    link: str


@dataclass(frozen=True)
class LetterSection:
    """A section with its items; `count` says in words how much it tells of."""

    section_id: str
    title: str
    count: str
    items: tuple[LetterItem, ...]


@dataclass(frozen=True)
class Letter:
    """A whole issue, ready to be set.

    Attributes
    ----------
    address
        Where it is read on the web.
    on
        First day after its period, ISO 8601; a file says it was made then.
    labels
        Words around it: `web`, `empty`, `tofu`, `made`, `leave`.
    leave
        Where who gets it by post stops that; empty where it is not posted.
    """

    language: str
    title: str
    subtitle: str
    introduction: tuple[str, ...]
    sections: tuple[LetterSection, ...]
    address: str
    on: str
    labels: dict[str, str]
    leave: str = ""


def compose_letter(issue: Issue, words: Words, *, site: str = "", address: str = "") -> Letter:
    """Tell an issue in one language; what has no words in it is told in English.

    Parameters
    ----------
    issue
        As a person has edited it.
    words
        The language.
    site
        What stands before links that begin with a slash.
    address
        Where the issue is read, after `site`.

    Returns
    -------
    Letter
        In no format yet.
    """
    reader = Reader(words)
    language = words.language
    return Letter(
        language=language,
        title=issue.title.tell(language) or name_of_issue(issue, words),
        subtitle=_subtitle(issue, reader),
        introduction=_paragraphs(issue.introduction.tell(language)),
        sections=tuple(_section(*one, reader, site) for one in items_of(issue)),
        address=_whole(address, site),
        on=issue.until.isoformat(),
        labels={
            "web": reader.say("Read this issue on the web"),
            "empty": reader.say("Nothing is told in this issue yet."),
            "leave": reader.say("You asked for this letter. Stop it here"),
            "made": reader.say("Made by Kulan {version}.", version=__version__),
            "tofu": reader.say(
                "{mark} stands for characters that the fonts of this file lack: {characters}."
            ),
        },
    )


def name_of_issue(issue: Issue, words: Words) -> str:
    """Return how an issue is called that has no title of its own.

    Examples
    --------
    >>> from datetime import date
    >>> from kulan.words import words_in
    >>> name_of_issue(Issue(3, date(2026, 1, 1), date(2026, 4, 1)), words_in("en"))
    'Newsletter no. 3'
    """
    reader = Reader(words)
    if issue.species:
        return reader.say(
            "{species}: bulletin no. {number}",
            species=reader.species(issue.species),
            number=issue.number,
        )
    return reader.say("Newsletter no. {number}", number=issue.number)


def _subtitle(issue: Issue, reader: Reader) -> str:
    first, last = issue.since, issue.until - timedelta(days=1)
    return reader.say(
        "Migratory mammals of Central Asia. What changed from {first} to {last}",
        first=reader.words.day(first),
        last=reader.words.day(last),
    )


def _section(
    section_id: str, items: tuple[IssueItem, ...], reader: Reader, site: str
) -> LetterSection:
    number = sum(item.count for item in items)
    if section_id == "upcoming":
        count = reader.say_count("{count} date", "{count} dates", number)
    else:
        count = reader.say_count("{count} change", "{count} changes", number)
    return LetterSection(
        section_id=section_id,
        title=reader.say(SECTION_NAMES[section_id]),
        count=count,
        items=tuple(_item(item, reader, site) for item in items),
    )


def _item(item: IssueItem, reader: Reader, site: str) -> LetterItem:
    language = reader.words.language
    return LetterItem(
        title=item.title.tell(language),
        about=about_item(item, reader.words),
        paragraphs=_paragraphs(item.text.tell(language)),
        link=_whole(item.link, site),
    )


def about_item(item: IssueItem, words: Words) -> str:
    """Say in a line what an item is: its kind, day, species and states, as they are stored."""
    reader = Reader(words)
    parts = [_kind(item, reader), words.day(item.day)]
    parts += [", ".join(reader.species(one) for one in item.species)]
    parts += [", ".join(reader.state(one) for one in item.states)]
    parts += [reader.say("entered later")] if item.late else []
    title = item.title.tell(words.language)
    return " · ".join(part for part in parts if part and part != title)


def _kind(item: IssueItem, reader: Reader) -> str:
    if item.kind in UPCOMING or item.count == 1:
        return reader.say(KIND_NAMES[item.kind])
    if item.kind == "population_record":
        return reader.say_count(
            "{count} population record approved",
            "{count} population records approved",
            item.count,
        )
    return reader.say_count("{count} text approved", "{count} texts approved", item.count)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _whole(link: str, site: str) -> str:
    return site + link if link.startswith("/") else link
