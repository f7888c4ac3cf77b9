"""The SIAE of les emplois de l'inclusion, département by département.

`/api/v1/siaes/` wants a département, answers by pages (`count`, `next`, `results`, ordered by
identifier) and asks for no more than 12 requests a minute. Each département that is complete is
kept as a file, so that a download that was cut goes on with the others.
"""

import shutil
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

from importers.downloads import Asked, Download, Fetched, Watch, join_files
from importers.http import Access, Client, OnlineError, Paused, WrongContent

ADDRESS = "https://emplois.inclusion.beta.gouv.fr/api/v1/siaes/"
ACCESS = Access(frozenset({"emplois.inclusion.beta.gouv.fr"}), per_second=0.2)
DEPARTEMENTS = (
    *(f"{number:02}" for number in range(1, 20)),
    "2A",
    "2B",
    *(str(number) for number in range(21, 96)),
    *("971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"),
)
KEPT = timedelta(days=2)  # that parts of a cut download may be older than the rest
FAILURES = 3  # in a row, from which the service is taken to be down
MAX_PAGES = 200


def fetch(client: Client, asked: Asked, watch: Watch) -> Fetched:
    """Every département into one file of JSON lines; without some of them, the others, and
    `missing` names those that are not there. Raises OnlineError when none could be had."""
    parts = _started(asked)
    failures: list[str] = []
    error: OnlineError | None = None
    for done, code in enumerate(DEPARTEMENTS):
        watch.parts(done, len(DEPARTEMENTS))
        part = parts / f"{code}.jsonl"
        if part.exists():
            continue
        if len(failures) == FAILURES:
            break
        try:
            _write(part, _siaes(client, code))
        except Paused as pause:
            error = pause
            break
        except OnlineError as failure:
            error = failure
            failures.append(code)
        else:
            failures.clear()
    return _joined(asked, parts, error)


def _started(asked: Asked) -> Path:
    """The folder of the parts: that of the last download if it was cut lately, else an empty
    one."""
    parts = asked.folder / "en-cours"
    begun = parts / "debut"
    if not (begun.is_file() and _day(begun) and asked.today - _day(begun) <= KEPT):
        shutil.rmtree(parts, ignore_errors=True)
        parts.mkdir(parents=True)
        begun.write_text(asked.today.isoformat(), encoding="ascii")
    return parts


def _day(begun: Path) -> date:
    try:
        return date.fromisoformat(begun.read_text(encoding="ascii"))
    except ValueError:
        return date.min


def _siaes(client: Client, code: str) -> list[Mapping[str, Any]]:
    """The structures of a département. Raises WrongContent when pages and count disagree."""
    found: dict[str, Mapping[str, Any]] = {}
    for number in range(1, MAX_PAGES + 1):
        page = client.get_json(ADDRESS, {"departement": code, "page": number})
        if not isinstance(page, dict) or not isinstance(page.get("results"), list):
            raise WrongContent(
                f"Les emplois de l'inclusion : la page {number} n'est pas une liste."
            )
        before = len(found)
        found |= {str(item.get("id")): item for item in page["results"] if isinstance(item, dict)}
        if not page.get("next") or len(found) == before:  # the last, or a page that repeats
            if page.get("count") != len(found):
                raise WrongContent(
                    f"Les emplois de l'inclusion : {len(found)} structures reçues pour le "
                    f"département {code}, {page.get('count')} annoncées."
                )
            return list(found.values())
    raise WrongContent(f"Les emplois de l'inclusion : plus de {MAX_PAGES} pages pour {code}.")


def _write(part: Path, items: Iterable[Mapping[str, Any]]) -> None:
    draft = part.with_suffix(".new")
    draft.write_bytes(b"".join(orjson.dumps(item) + b"\n" for item in items))
    draft.replace(part)


def _joined(asked: Asked, parts: Path, error: OnlineError | None) -> Fetched:
    had = [parts / f"{code}.jsonl" for code in DEPARTEMENTS]
    missing = tuple(path.stem for path in had if not path.exists())
    had = [path for path in had if path.exists()]
    if error and not had:
        raise error
    if missing:
        path = join_files(had, asked.folder / "siae-partiel.jsonl")
        said = f"{len(had)} départements sur {len(DEPARTEMENTS)}. {error or ''}".strip()
        return Fetched(path, said, tuple(f"département {code}" for code in missing))
    path = join_files(had, asked.folder / "siae.jsonl")
    (asked.folder / "siae-partiel.jsonl").unlink(missing_ok=True)
    shutil.rmtree(parts)
    return Fetched(path, f"Les {len(had)} départements des emplois de l'inclusion.")


DOWNLOAD = Download("siae", ACCESS, fetch)
