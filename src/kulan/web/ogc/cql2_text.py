"""CQL2 text read into CQL2 JSON, the one form in which filters are understood.

OGC 21-065r2 (2024), Common Query Language (CQL2), annex B. Read are conditions joined by AND, OR
and NOT, comparisons, LIKE, BETWEEN, IN, IS NULL, S_INTERSECTS and the functions of time;
arithmetic, arrays and other functions are refused.
"""

import re
from dataclasses import dataclass
from typing import Any

import shapely

from kulan.errors import InvalidRequestError

LONGEST, DEEPEST = 8_000, 20
Node = Any

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<text>'(?:''|\\'|[^'])*')
    | (?P<quoted>"[^"]*")
    | (?P<word>[^\W\d][\w:.]*)
    | (?P<sign><>|<=|>=|[=<>(),])
    )""",
    re.VERBOSE,
)
_SHAPES = frozenset(
    {"POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON",
     "GEOMETRYCOLLECTION"}
)  # fmt: skip
_COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})
_FUNCTIONS = frozenset(
    {"S_INTERSECTS", "T_AFTER", "T_BEFORE", "T_DISJOINT", "T_DURING", "T_EQUALS", "T_INTERSECTS"}
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def read_text(text: str) -> Node:
    """Return a filter of CQL2 text as CQL2 JSON.

    Raises
    ------
    InvalidRequestError
        If it is not CQL2, too long, too deep, or asks for what is not offered.

    Examples
    --------
    >>> read_text("iso3 = 'MNG' OR wires > 3 AND NOT old = TRUE")["op"]
    'or'
    """
    if len(text) > LONGEST:
        raise InvalidRequestError(f"filter has {len(text)} characters; {LONGEST} are read.")
    reader = _Reader(text, _tokens(text))
    node = reader.condition(0)
    if reader.token.kind != "end":
        raise reader.unexpected("AND, OR or the end")
    return node


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            rest = text[at:].strip()
            raise InvalidRequestError(f"filter: {rest[:30]!r} cannot be read at {at + 1}.")
        kind = str(match.lastgroup)
        found.append(_Token(kind, match[kind], match.start(kind), match.end()))
        at = match.end()
    return [*found, _Token("end", "", len(text), len(text))]


class _Reader:
    """Reads one filter from left to right."""

    def __init__(self, text: str, tokens: list[_Token]) -> None:
        self.text, self.tokens, self.place = text, tokens, 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def unexpected(self, wanted: str) -> InvalidRequestError:
        found = self.token.text or "the end"
        return InvalidRequestError(
            f"filter: {found[:30]!r} at {self.token.start + 1}, where {wanted} is expected."
        )

    def next(self) -> _Token:
        token = self.token
        self.place += 1
        return token

    def has(self, *words: str) -> bool:
        """Whether these words follow; they are then passed over."""
        ahead = self.tokens[self.place : self.place + len(words)]
        spelt = [one.text.upper() if one.kind in ("word", "sign") else "" for one in ahead]
        if spelt != list(words):
            return False
        self.place += len(words)
        return True

    def need(self, sign: str) -> None:
        if not self.has(sign):
            raise self.unexpected(repr(sign))

    def condition(self, depth: int) -> Node:
        """Read conditions joined by OR, which binds most loosely."""
        if depth > DEEPEST:
            raise InvalidRequestError(f"filter goes deeper than {DEEPEST} levels.")
        found = [self.conjunction(depth)]
        while self.has("OR"):
            found.append(self.conjunction(depth))
        return found[0] if len(found) == 1 else {"op": "or", "args": found}

    def conjunction(self, depth: int) -> Node:
        found = [self.factor(depth)]
        while self.has("AND"):
            found.append(self.factor(depth))
        return found[0] if len(found) == 1 else {"op": "and", "args": found}

    def factor(self, depth: int) -> Node:
        if self.has("NOT"):
            if depth >= DEEPEST:
                raise InvalidRequestError(f"filter goes deeper than {DEEPEST} levels.")
            return {"op": "not", "args": [self.factor(depth + 1)]}
        if self.has("("):
            inner = self.condition(depth + 1)
            self.need(")")
            return inner
        return self.predicate()

    def predicate(self) -> Node:
        name = self.token.text.upper()
        if self.token.kind == "word" and name in _FUNCTIONS:
            return self.function(name)
        left = self.scalar()
        negated = self.has("NOT")
        found = self.special(left)
        if found is not None:
            return {"op": "not", "args": [found]} if negated else found
        if negated:
            raise self.unexpected("LIKE, BETWEEN or IN")
        if self.token.text in _COMPARISONS:
            return {"op": self.next().text, "args": [left, self.scalar()]}
        if isinstance(left, bool):
            return left
        raise self.unexpected("a comparison")

    def special(self, left: Node) -> Node:
        """Read LIKE, BETWEEN, IN or IS NULL; None where none of them follows."""
        if self.has("LIKE"):
            return {"op": "like", "args": [left, self.scalar()]}
        if self.has("BETWEEN"):
            low = self.scalar()
            self.need("AND")
            return {"op": "between", "args": [left, low, self.scalar()]}
        if self.has("IN"):
            return {"op": "in", "args": [left, self.listed(self.scalar)]}
        if self.has("IS", "NOT", "NULL"):
            return {"op": "not", "args": [{"op": "isNull", "args": [left]}]}
        if self.has("IS", "NULL"):
            return {"op": "isNull", "args": [left]}
        return None

    def function(self, name: str) -> Node:
        self.next()
        one = self.shape if name == "S_INTERSECTS" else self.moment
        arguments = self.listed(one)
        if len(arguments) != 2:
            raise InvalidRequestError(f"filter: {name} takes two arguments, not {len(arguments)}.")
        return {"op": name.lower(), "args": arguments}

    def listed(self, one: Any) -> list[Node]:
        self.need("(")
        found = [one()]
        while self.has(","):
            found.append(one())
        self.need(")")
        return found

    def scalar(self) -> Node:
        """Read a property, or a value that is no shape and no interval."""
        kind, text = self.token.kind, self.token.text
        if kind == "number":
            self.next()
            return float(text) if re.search(r"[.eE]", text) else int(text)
        if kind == "text":
            return self.string()
        if kind == "quoted":
            self.next()
            return {"property": text[1:-1]}
        if kind == "word":
            return self.word()
        raise self.unexpected("a property or a value")

    def word(self) -> Node:
        word = self.next().text
        if word.upper() in ("TRUE", "FALSE"):
            return word.upper() == "TRUE"
        if word.upper() in ("DATE", "TIMESTAMP"):
            self.need("(")
            value = self.string()
            self.need(")")
            return {word.lower(): value}
        if self.token.text == "(":
            raise InvalidRequestError(f"filter: the function {word[:40]!r} is not offered.")
        return {"property": word}

    def string(self) -> str:
        if self.token.kind != "text":
            raise self.unexpected("a text between apostrophes")
        return self.next().text[1:-1].replace("''", "'").replace("\\'", "'")

    def moment(self) -> Node:
        if self.has("INTERVAL"):
            ends = self.listed(self.end_of_interval)
            if len(ends) != 2:
                raise InvalidRequestError("filter: INTERVAL takes its two ends.")
            return {"interval": ends}
        return self.scalar()

    def end_of_interval(self) -> Node:
        return self.string() if self.token.kind == "text" else self.scalar()

    def shape(self) -> Node:
        name = self.token.text.upper()
        if self.token.kind == "quoted" or (
            self.token.kind == "word" and name not in {*_SHAPES, "BBOX"}
        ):
            return self.scalar()
        if self.has("BBOX"):
            return {"bbox": self.listed(self.scalar)}
        if name in _SHAPES:
            return self.well_known_text()
        raise self.unexpected("a property or a shape")

    def well_known_text(self) -> Node:
        start, depth = self.next().start, 0
        while self.token.kind != "end":
            token = self.next()
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0 and token.text == ")":
                return _geojson(self.text[start : token.end])
        raise self.unexpected("')'")


def _geojson(text: str) -> Node:
    try:
        return shapely.geometry.mapping(shapely.from_wkt(text))
    except shapely.errors.ShapelyError:
        raise InvalidRequestError(f"filter: {text[:60]!r} is no well-known text.") from None
