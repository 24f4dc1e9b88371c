"""Who gets which answer at each address: the truth table, one module of rows for each area.

A new address without a row fails `tests/web/test_routes.py`. A row says the method, the arguments
(from the things that `standing_things` makes, by name), and the status for everyone, with
exceptions by name. Other statuses than the usual 200: 302 to the login page, 403 for what one may
know of but not do, 404 for what one may not know of, 405 for a method the page has not.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field

CAST = (
    "nobody", "hassan", "dmitri", "aigul", "azamat", "irina", "bat", "chinara", "erlan", "farida",
    "gulnara",
)  # fmt: skip
SIGNED_IN = CAST[1:]


@dataclass(frozen=True)
class Row:
    """One address, one method, and what each of the cast is answered."""

    route: str
    everyone: int
    but: Mapping[str, int] = field(default_factory=dict)
    method: str = "get"
    arguments: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    query: str = ""

    def status(self, who: str) -> int:
        """Return what this one of the cast is answered."""
        return self.but.get(who, self.everyone)

    def __str__(self) -> str:
        """Return how the test is named."""
        about = ",".join(self.arguments.values())
        return f"{self.method} {self.route} {about}".strip()


def only(status: int, *who: str, others: int) -> tuple[int, dict[str, int]]:
    """Return `others` for everyone, but `status` for those named."""
    return others, dict.fromkeys(who, status)


def all_rows() -> tuple[Row, ...]:
    """Return the rows of all areas."""
    modules = [
        importlib.import_module(f"web_routes.{m.name}") for m in pkgutil.iter_modules(__path__)
    ]
    return tuple(row for module in modules for row in module.ROWS)
