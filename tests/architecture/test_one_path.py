"""There is one path from the records to a reader: through the policy."""

import ast
from pathlib import Path

import pytest

from declared import PACKAGE

WEB = PACKAGE / "web"
WRITERS = {
    # what stores, checks or counts features, and shows none of them to a reader
    "catalogue/checks.py", "catalogue/intake.py", "catalogue/materialise.py",
}  # fmt: skip
PREVIEW = {"catalogue/desk_pages.py"}  # what everybody would see of a draft, shown to its makers
MODULES = sorted(path for path in WEB.rglob("*.py") if "migrations" not in path.parts)


def named(path: Path) -> str:
    return path.relative_to(WEB).as_posix()


def asks_for(path: Path, model: str) -> list[ast.AST]:
    """Return where a module begins a query of a model by itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "objects"
        and isinstance(node.value, ast.Name)
        and node.value.id == model
    ]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_features_are_asked_for_through_the_policy_alone(path):
    if named(path).startswith("policy/") or named(path) in WRITERS | PREVIEW:
        return
    assert asks_for(path, "Rendition") == []
    assert ".renditions." not in path.read_text(encoding="utf-8")


def test_the_modules_named_here_do_ask():
    """A name that is gone must not keep a door open."""
    for name in WRITERS | PREVIEW:
        assert asks_for(WEB / name, "Rendition"), name


def test_the_preview_of_a_draft_shows_what_everybody_would_see():
    text = (WEB / "catalogue/desk_pages.py").read_text(encoding="utf-8")
    for node in asks_for(WEB / "catalogue/desk_pages.py", "Rendition"):
        line = text.splitlines()[node.lineno - 1]
        assert 'level=F("default_level")' in line


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_precise_positions_are_made_coarse_in_one_place(path):
    text = path.read_text(encoding="utf-8")
    if "generalise_geometry" in text or "generalise_rows" in text:
        assert named(path) == "catalogue/materialise.py"
