"""`annuaire bench`: speed and memory on generated data, one case a line."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import click

from annuaire.cli.output import json_option, print_json
from annuaire.errors import InvalidInputError
from importers.registry import SOURCES
from search.choice import make_engine
from search.engine import Engine

SIZES = {
    "search": 15_000,
    "match": 15_000,
    "clauses": 5_000,
    "import": 5_000,
    "pages": 15_000,
    "finess": 103_000,
    "duplicates": 100_000,
}
BENCHES = {
    "search": "annuaire.bench.search:bench_search",
    "match": "annuaire.bench.match:bench_match",
    "clauses": "annuaire.bench.clauses:bench_clauses",
    "import": "annuaire.bench.importing:bench_import",
    "pages": "annuaire.bench.pages:bench_pages",
    "finess": "annuaire.bench.finess:bench_finess",
    "duplicates": "annuaire.bench.duplicates:bench_duplicates",
}
COLUMNS = ("size", "n", "p50_ms", "p95_ms", "per_second", "seconds", "rss_mb")


@click.command()
@click.argument("name", type=click.Choice(list(SIZES)))
@click.option("--size", type=click.IntRange(min=1), help="Nombre de fiches engendrées.")
@click.option("--engine", "engine_name", default="embedded", type=click.Choice(["embedded"]))
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--file", "files", multiple=True, metavar="SOURCE=FICHIER",
    help="Pour « import » : mesurer ce fichier plutôt que des données engendrées.",
)  # fmt: skip
@json_option
def bench(
    name: str,
    size: int | None,
    engine_name: str,
    seed: int,
    files: tuple[str, ...],
    as_json: bool,
) -> None:
    """Mesurer la vitesse et la mémoire, sur des données engendrées."""
    wanted = size or SIZES[name]
    with tempfile.TemporaryDirectory() as folder:
        rows = _run(name, wanted, seed, _files(files), lambda: make_engine(Path(folder)))
    if as_json:
        print_json({"bench": name, "engine": engine_name, "runs": rows})
        return
    click.echo(f"{name} ({engine_name})")
    for row in rows:
        figures = "  ".join(f"{key}={row[key]:g}" for key in COLUMNS if key in row)
        click.echo(f"  {row['case']:<45} {figures}")


def _run(
    name: str, size: int, seed: int, files: dict[str, Path], engine: Callable[[], Engine]
) -> list[dict[str, Any]]:
    """Run one bench; its module is loaded only now, so that other commands start without it."""
    measure: Callable[..., list[dict[str, Any]]] = resolve_name(BENCHES[name])
    if name in {"search", "match"}:
        return measure(engine, size, seed)
    if name == "import":
        return measure(size, seed, files)
    if name == "finess":
        return measure(lines=size, seed=seed)
    return measure(size, seed)


def _files(given: tuple[str, ...]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for pair in given:
        source, _, path = pair.partition("=")
        if source not in SOURCES or not Path(path).is_file():
            raise InvalidInputError(f"--file {pair} : écrivez source=fichier, fichier existant.")
        files[source] = Path(path)
    return files
