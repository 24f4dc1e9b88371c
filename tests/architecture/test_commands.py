"""Every command explains itself by an example, and what README and docs tell to type exists."""

import re
import shlex
from pathlib import Path

import click
import pytest

from declared import commands

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = commands()
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts),
    ]
)
FENCE = re.compile(r"^```(?:console|sh|shell|bash)\n(.*?)^```", re.M | re.S)
JSON_BODY = re.compile(r"'\{.*?\}'", re.S)  # what a program sends may take several lines


def typed_lines(page: Path) -> list[list[str]]:
    """Lines a page tells the reader to type, split into words; continued lines are joined."""
    lines = []
    for block in FENCE.findall(page.read_text(encoding="utf-8")):
        prompts = "$ " in block
        for line in JSON_BODY.sub("''", block.replace("\\\n", " ")).splitlines():
            if prompts and not line.startswith("$ "):
                continue
            words = shlex.split(line.removeprefix("$ "), comments=True)
            if words:
                lines.append(words)
    return lines


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command a line calls and the words after its name."""
    name, rest = words[0], words[1:]
    while rest and f"{name} {rest[0]}" in COMMANDS:
        name, rest = f"{name} {rest[0]}", rest[1:]
    return COMMANDS[name], rest


def make_words() -> set[str]:
    text = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z]+):", text, re.M))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_an_example(name):
    text = COMMANDS[name].help or ""
    assert "Example" in text
    assert re.search(rf"^\s+{name}\b", text, re.M), "the example does not call the command"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name):
    options = [item for item in COMMANDS[name].params if isinstance(item, click.Option)]
    assert [option.name for option in options if not option.help] == []


SEEDED = [name for name in COMMANDS if any(one.name == "seed" for one in COMMANDS[name].params)]


@pytest.mark.parametrize("name", SEEDED)
def test_a_seed_below_zero_is_refused_before_any_work(name):
    seed = next(one for one in COMMANDS[name].params if one.name == "seed")
    with pytest.raises(click.BadParameter, match="x>=0"):
        seed.type.convert("-1", seed, None)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("wired", {"--workers", "--processes", "--cluster", "--keep"}),
        ("network", {"--keep", "--device"}),
        ("corridors", {"--keep"}),
        ("crossings", {"--keep"}),
    ],
)
def test_no_command_offers_what_it_could_not_heed(name, options):
    offered = {opt for item in COMMANDS[f"kulan connectivity {name}"].params for opt in item.opts}
    assert not options & offered


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_tells_to_type_exists(page):
    for words in typed_lines(page):
        if words[0] == "make":
            unknown = {word for word in words[1:] if "=" not in word and not word.startswith("-")}
            assert unknown <= make_words(), shlex.join(words)
        if Path(words[0]).name == "kulan":
            command, rest = command_of(["kulan", *words[1:]])
            assert not (isinstance(command, click.Group) and rest and rest[0][0] != "-"), words
            known = {
                name for item in command.params for name in (*item.opts, *item.secondary_opts)
            } | {"--help", "-h"}
            used = {word.split("=")[0] for word in rest if word.startswith("-") and word != "-"}
            assert used <= known, shlex.join(words)


def test_make_alone_lists_every_word():
    text = (ROOT / "Makefile").read_text()
    undocumented = make_words() - set(re.findall(r"^([a-z]+):.*## \S", text, re.M))
    assert undocumented == set()


def test_readme_and_makefile_agree_on_the_two_commands():
    assert {"run", "test"} <= make_words()
    typed = {tuple(words[:2]) for words in typed_lines(ROOT / "README.md")}
    assert {("make", "run"), ("make", "test")} <= typed
