"""`kulan atlas`: build the starter Atlas, see what is in it, check it, compare releases."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from kulan.cli.state import state_option


@click.group()
def atlas() -> None:
    """Build, list, show, verify and compare the layers of the Atlas.

    \b
    Example:
      kulan atlas build
      kulan atlas show habitat_saiga
    """


@atlas.command()
@state_option
def build(state: Path) -> None:
    """Build the starter Atlas into the state folder; what is there already is kept.

    Needs no network. Potential habitat of every species, barriers, key areas, landscapes, borders,
    rivers, towns, land cover and elevation, each with its source, licence and recipe.

    \b
    Example:
      kulan atlas build --state my-state
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from kulan.atlas import build_starter

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("Atlas"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        console=console,
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=None)
        report = build_starter(
            state,
            progress=lambda done, total, title: bar.update(
                task, completed=done, total=total, description=title
            ),
        )
    size_bytes = sum(layer.size_bytes for layer in report.release.layers)
    click.echo(
        f"{report.release.release_id}: {len(report.release.layers)} layers, "
        f"{size_bytes / 1e6:.1f} MB in {state / 'atlas'} "
        f"({len(report.made)} made, {len(report.kept)} already there)"
    )


@atlas.command("list")
@state_option
@click.option("--release", help="Release to look at; the one in use when left out.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_layers(state: Path, release: str | None, as_json: bool) -> None:
    """List the layers of the Atlas.

    \b
    Example:
      kulan atlas list
      kulan atlas list --json | jq '.layers[].layer_id'
    """
    from kulan.atlas import open_release

    opened = open_release(state, release)
    if as_json:
        layers = [_words(layer) for layer in opened.layers]
        _print_json({"release_id": opened.release_id, "layers": layers})
        return
    click.echo(f"{opened.manifest.title}, {opened.release_id}")
    rows = [
        (layer.layer_id, layer.title, layer.kind, f"{layer.size_bytes / 1000:,.0f}", layer.licence)
        for layer in opened.layers
    ]
    _print_table(("layer", "title", "kind", "kB", "licence"), rows, right={3})


@atlas.command()
@click.argument("layer_id", metavar="LAYER")
@state_option
@click.option("--release", help="Release to look at; the one in use when left out.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(layer_id: str, state: Path, release: str | None, as_json: bool) -> None:
    """Show one layer: what it is, its sources and terms, how it was made, where its file lies.

    \b
    Example:
      kulan atlas show habitat_saiga
    """
    from kulan.atlas import open_release

    opened = open_release(state, release)
    layer = opened.layer(layer_id)
    path = opened.path(layer_id)
    if as_json:
        _print_json({"release_id": opened.release_id, "path": str(path), **_words(layer)})
        return
    click.echo(layer.title)
    facts = {
        "label": layer.label,
        "stands for": layer.valid_from,
        "resolution": f"{layer.resolution_m:,} m" if layer.resolution_m else "",
        "confidence": layer.confidence,
        "licence": layer.licence,
        "attribution": layer.attribution,
        "note": layer.note,
        "file": f"{path} ({layer.media_type}, {layer.size_bytes:,} bytes)",
        "sha256": layer.sha256,
        "method": f"{layer.recipe.method}, Kulan {layer.recipe.version}",
        "recipe": layer.recipe.digest,
    }
    rows = [(name, value) for name, value in facts.items() if value]
    rows += [("input", f"{item.name}  {item.sha256[:12]}") for item in layer.recipe.inputs]
    rows += [("with", f"{name} = {value}") for name, value in layer.recipe.parameters.items()]
    for source in layer.sources:
        package = f" [{source.package}]" if source.package else ""
        rows.append(("source", f"{source.title}: {source.origin}{package}; {source.licence}"))
    _print_table(("", ""), rows)


@atlas.command()
@state_option
@click.option("--release", help="Release to check; the one in use when left out.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def verify(state: Path, release: str | None, as_json: bool) -> None:
    """Hash every file of the Atlas and compare it with the list of layers.

    \b
    Example:
      kulan atlas verify
    """
    from kulan.atlas import open_release
    from kulan.atlas import verify as verify_release

    checked = verify_release(open_release(state, release))
    if as_json:
        _print_json(asdict(checked))
        return
    click.echo(
        f"{checked.release_id}: {checked.files} files, {checked.size_bytes / 1e6:.1f} MB, "
        "all as listed."
    )


@atlas.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@state_option
@click.option(
    "--other-state",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="State folder that holds B, when it is not the same.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(before: str, after: str, state: Path, other_state: Path | None, as_json: bool) -> None:
    """Say what changed from release A to release B; `current` stands for the one in use.

    \b
    Example:
      kulan atlas diff starter-1f0c current
      kulan atlas diff current current --other-state colleague-state
    """
    from kulan.atlas import diff as compare
    from kulan.atlas import open_release

    differences = compare(
        open_release(state, None if before == "current" else before),
        open_release(other_state or state, None if after == "current" else after),
    )
    if as_json:
        _print_json(asdict(differences))
        return
    click.echo(f"From {differences.before} to {differences.after}:")
    for sentence in differences.sentences():
        click.echo(f"  {sentence}")


def _words(layer: Any) -> dict[str, Any]:
    """Return a layer as JSON holds it, with what it derives."""
    derived = {"media_type": layer.media_type, "attribution": layer.attribution}
    return asdict(layer) | derived | {"recipe_digest": layer.recipe.digest}


def _print_json(value: Any) -> None:
    """Print JSON for machines and people alike."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _print_table(
    heading: tuple[str, ...], rows: Sequence[tuple[str, ...]], right: set[int] | None = None
) -> None:
    """Print a table: fitted to a terminal, in full width when it is read by another program."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=any(heading), pad_edge=False, padding=(0, 2, 0, 0))
    for number, name in enumerate(heading):
        table.add_column(
            name, justify="right" if right and number in right else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*row)
    width = None if sys.stdout.isatty() else 200
    Console(width=width, markup=False, highlight=False).print(table)
