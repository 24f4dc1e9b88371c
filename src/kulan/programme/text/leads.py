"""Who is responsible: a cell told apart from running text, and cut into its names."""

import re

from kulan.programme.text.wording import Wording, folded, plain

# a sentence or an item of a list ends before the leads begin
_ENDS = re.compile(r"(?<=[.;:)»”])\s+")
_MOST_WORDS_OF_A_NAME = 14


def leads_of(printed: str) -> tuple[str, ...]:
    """Cut a cell of leads at its commas, outside brackets; names stay as printed.

    Examples
    --------
    >>> leads_of("DoE, agencies (for example, ministries), NGOs")
    ('DoE', 'agencies (for example, ministries)', 'NGOs')
    """
    names, depth, name = [], 0, ""
    for letter in plain(printed):
        depth += (letter in "([") - (letter in ")]")
        if letter in ",;" and depth <= 0:
            names.append(name)
            name = ""
        else:
            name += letter
    return tuple(dict.fromkeys(each.strip() for each in [*names, name] if each.strip()))


def looks_like_leads(text: str, words: Wording) -> bool:
    """Say whether a text is a list of leads: its first name and most others are known kinds.

    Examples
    --------
    >>> from kulan.programme.text.wording import ENGLISH
    >>> looks_like_leads("CMS, government agencies, Takhi Group", ENGLISH)
    True
    >>> looks_like_leads("Agencies should meet yearly.", ENGLISH)
    False
    """
    names = leads_of(text)
    if not names or plain(text).endswith((".", ";", ":")):
        return False
    if any(len(name.split()) > _MOST_WORDS_OF_A_NAME for name in names):
        return False
    known = [_known(name, words) for name in names]
    return known[0] and sum(known) >= 0.6 * len(known)


def _known(name: str, words: Wording) -> bool:
    """Say whether a name holds a known kind of actor among its first words."""
    tokens = re.findall(r"[\w'.-]+", folded(name))[:6]
    tokens = [token.split("'")[-1] for token in tokens]
    text = folded(name)
    return any(
        text.startswith(stem) or any(_begins(token, stem) for token in tokens)
        for stem in words.actors
    )


def _begins(token: str, stem: str) -> bool:
    # a short stem is an acronym and must be the whole word: "ame" is not "améliorer"
    return (
        token.rstrip("s.") in {stem, stem.rstrip("s")} if len(stem) <= 5 else token.startswith(stem)
    )


def leads_at_end(text: str, words: Wording) -> tuple[str, str]:
    """Part a line that holds an action's words and its leads; the second is empty if none is seen.

    Examples
    --------
    >>> from kulan.programme.text.wording import ENGLISH
    >>> leads_at_end("Count the herds (see 2.1). Government agencies, NGOs", ENGLISH)
    ('Count the herds (see 2.1).', 'Government agencies, NGOs')
    """
    line = plain(text)
    for end in reversed(list(_ENDS.finditer(line))):
        before, rest = line[: end.start()], line[end.end() :]
        in_brackets = before.count("(") > before.count(")")
        if not in_brackets and looks_like_leads(rest, words):
            return before, rest
    return line, ""
