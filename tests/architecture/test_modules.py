"""Every module says what it is, and every public function what its arguments are."""

import ast
import importlib
import re
from pathlib import Path

import pytest

from declared import PACKAGE

# drawers: a file is a topic
DRAWERS = {"utils", "util", "helpers", "helper", "common", "core", "misc", "manager", "base"}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
# the command line and the web explain themselves by their words and their tests
INNER_FILES = [path for path in FILES if not {"cli", "web"} & set(path.parts)]
UNITS = {"m", "km", "km2", "deg", "mm"}
LONGEST_FUNCTION_LINES = 50
LONGEST_FILE_LINES = 400


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def own_lines(node: ast.FunctionDef) -> int:
    """Lines of a function without its docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def code_lines(path: Path) -> int:
    """Lines of a file that are neither blank, comment nor docstring."""
    text = path.read_text(encoding="utf-8")
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    told = 0
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            first = node.body[0]
            told += (first.end_lineno or first.lineno) - first.lineno + 1
    written = [line for line in text.splitlines() if line.strip() and line.strip()[0] != "#"]
    return len(written) - told


def public_functions(tree: ast.Module) -> list[ast.FunctionDef]:
    """Functions of the module, and methods of its public classes, that a user may call."""
    holders: list[ast.Module | ast.ClassDef] = [tree]
    holders += [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    return [
        node
        for holder in holders
        for node in holder.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def offered(path: Path) -> set[str] | None:
    """Names that the area of a file offers to others; None where all of a file's names are."""
    if path.parent == PACKAGE:
        return None
    area = importlib.import_module(f"kulan.{path.relative_to(PACKAGE).parts[0]}")
    return set(getattr(area, "__all__", vars(area)))


def unexplained(function: ast.FunctionDef) -> list[str]:
    """Arguments that neither the Parameters section nor the text explains."""
    text = ast.get_docstring(function) or ""
    section = re.search(r"^Parameters\n-+\n(.*?)(?=^\w[\w ]*\n-+$|\Z)", text, re.M | re.S)
    listed = re.findall(r"^(\S.*)$", section.group(1), re.M) if section else []
    explained = {name.strip(" *`") for line in listed for name in line.split(":")[0].split(",")}
    explained |= set(re.findall(r"`+(\w+)`+", text))
    taken = function.args
    arguments = [
        argument
        for argument in [*taken.posonlyargs, *taken.args, *taken.kwonlyargs]
        if argument.arg not in ("self", "cls") and not argument.arg.startswith("_")
    ]
    if section:
        return [argument.arg for argument in arguments if argument.arg not in explained]
    # one or two arguments may speak for themselves, and so does one whose type is a class of its
    # own; more texts, numbers and tables need a sentence or a section
    if len(arguments) <= 2:
        return []
    names = [argument.arg for argument in arguments if not _is_of_a_class(argument)]
    words = re.sub(r"[^a-z]+", " ", text.lower())
    return [name for name in names if name not in explained and not _spoken(name, words)]


def _is_of_a_class(argument: ast.arg) -> bool:
    annotation = argument.annotation
    return (
        isinstance(annotation, ast.Name) and annotation.id[0].isupper() and annotation.id != "Any"
    )


def _spoken(name: str, words: str) -> bool:
    """Whether the text speaks of an argument: of every part of its name but the unit."""
    parts = [part for part in name.split("_") if part not in UNITS]
    return all(re.search(rf"\b{part.rstrip('s')}", words) for part in parts)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_module_says_in_a_sentence_what_it_is(path):
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = text.splitlines()[0] if text else ""
    assert len(first.split()) >= 3
    assert first.rstrip().endswith((".", "!", ":", "`", ","))


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_file_is_a_topic_not_a_drawer(path):
    assert path.stem not in DRAWERS


@pytest.mark.parametrize("path", FILES, ids=named)
def test_functions_fit_on_a_screen(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = {
        node.name: own_lines(node)
        for node in functions(tree)
        if own_lines(node) > LONGEST_FUNCTION_LINES
    }
    assert long == {}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_files_hold_one_topic(path):
    assert code_lines(path) <= LONGEST_FILE_LINES


@pytest.mark.parametrize("path", INNER_FILES, ids=named)
def test_what_an_area_offers_explains_every_argument(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    public = offered(path)
    functions_offered = [
        node for node in public_functions(tree) if public is None or node.name in public
    ]
    missing = {node.name: names for node in functions_offered if (names := unexplained(node))}
    assert missing == {}
