"""`annuaire bench`: speed and memory on generated data, one case a line."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import click

from annuaire.cli.output import json_option, print_json
from annuaire.config import load_settings
from annuaire.errors import InvalidInputError
from importers.registry import SOURCES
from search.choice import make_engine
from search.engine import Engine
from search.synonyms import synonyms

SIZES = {
    "search": 15_000,
    "match": 15_000,
    "plan": 1_000,
    "opportunities": 10_000,
    "alerts": 10_000,
    "clauses": 5_000,
    "import": 5_000,
    "pages": 15_000,
    "finess": 103_000,
    "sirene": 1_000,
    "decp": 1_000,
    "duplicates": 100_000,
    "mail": 10_000,
    "sign_in": 200,
}
BENCHES = {
    "search": "annuaire.bench.search:bench_search",
    "match": "annuaire.bench.match:bench_match",
    "plan": "annuaire.bench.plan:bench_plan",
    "opportunities": "annuaire.bench.opportunities:bench_opportunities",
    "alerts": "annuaire.bench.alerts:bench_alerts",
    "clauses": "annuaire.bench.clauses:bench_clauses",
    "import": "annuaire.bench.importing:bench_import",
    "pages": "annuaire.bench.pages:bench_pages",
    "finess": "annuaire.bench.finess:bench_finess",
    "sirene": "annuaire.bench.sirene:bench_sirene",
    "decp": "annuaire.bench.decp:bench_decp",
    "duplicates": "annuaire.bench.duplicates:bench_duplicates",
    "mail": "annuaire.bench.mail:bench_mail",
    "sign_in": "annuaire.bench.sign_in:bench_sign_in",
}
COLUMNS = (
    "size", "n", "p50_ms", "p95_ms", "cpu_p50_ms", "cpu_p95_ms", "per_second",
    "per_second_of_core", "seconds", "cpu_seconds", "database_seconds", "index_seconds", "rss_mb",
    "kept_share", "per_contract", "peer_ms", "peer_jit_ms",
)  # fmt: skip


@click.command()
@click.argument("name", type=click.Choice(list(SIZES)))
@click.option(
    "--size",
    type=click.IntRange(min=1),
    help="Nombre de fiches engendrées (en Mo : sirene, decp ; essais par seconde : sign_in).",
)
@click.option(
    "--engine", "engine_name", default="embedded", show_default=True,
    type=click.Choice(["embedded", "meilisearch"]),
    help="Moteur mesuré par « search », « match », « plan » et « opportunities ».",
)  # fmt: skip
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--file", "files", multiple=True, metavar="SOURCE=FICHIER",
    help="Pour « import » : mesurer ce fichier plutôt que des données engendrées.",
)  # fmt: skip
@click.option(
    "--database",
    metavar="ADRESSE",
    help="Pour « import » et « mail » : une base vide, qui le sera de nouveau à la fin, plutôt "
    "que SQLite.",
)
@json_option
def bench(
    name: str,
    size: int | None,
    engine_name: str,
    seed: int,
    files: tuple[str, ...],
    database: str | None,
    as_json: bool,
) -> None:
    """Mesurer la vitesse et la mémoire, sur des données engendrées."""
    wanted = size or SIZES[name]
    options = {"files": _files(files), "database_url": database}
    with _empty_engine(engine_name) as engine:
        rows = _run(name, wanted, seed, options, engine)
    if as_json:
        print_json({"bench": name, "engine": engine_name, "runs": rows})
        return
    click.echo(f"{name} ({engine_name})")
    for row in rows:
        figures = "  ".join(f"{key}={row[key]:g}" for key in COLUMNS if key in row)
        click.echo(f"  {row['case']:<45} {figures}")


@contextmanager
def _empty_engine(name: str) -> Iterator[Callable[[], Engine]]:
    """Opens an engine that holds nothing, and leaves nothing behind."""
    if name == "embedded":
        with tempfile.TemporaryDirectory() as folder:
            yield lambda: make_engine(Path(folder))
        return
    settings = load_settings()
    if settings.meilisearch_url is None:
        raise InvalidInputError("Indiquez le serveur à mesurer dans ANNUAIRE_MEILISEARCH_URL.")
    # Loaded only here: the client is slow to import.
    from search.meilisearch import MeilisearchEngine

    engine = MeilisearchEngine(
        settings.meilisearch_url, settings.meilisearch_key, synonyms(), "annuaire-bench-"
    )
    engine.remove_all()
    try:
        yield lambda: engine
    finally:
        engine.remove_all()


def _run(
    name: str, size: int, seed: int, options: dict[str, Any], engine: Callable[[], Engine]
) -> list[dict[str, Any]]:
    """Run one bench; its module is loaded only now, so that other commands start without it."""
    measure: Callable[..., list[dict[str, Any]]] = resolve_name(BENCHES[name])
    if name in {"search", "match", "plan", "opportunities", "alerts"}:
        return measure(engine, size, seed)
    if name == "import":
        return measure(size, seed, **options)
    if name == "mail":
        return measure(size, seed, options["database_url"])
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
