"""The notices of the BOAMP, one day of publication at a time (Opendatasoft, Explore API v2.1).

`/records` stops at 10,000 rows (`offset` + `limit`), so a day is taken whole from
`/exports/jsonl`. An export that breaks ends with a sentence in place of a record, and a status
that says nothing: each day is therefore counted against `total_count`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import orjson

from importers.downloads import Asked, Download, Fetched, Watch, join_files
from importers.http import Access, Client, OnlineError, Wanted, WrongContent, download

BASE = "https://boamp-datadila.opendatasoft.com/api/explore/v2.1/catalog/datasets/boamp"
ACCESS = Access(frozenset({"boamp-datadila.opendatasoft.com"}), per_second=1)
FIRST_TIME = timedelta(days=30)
MOVING = timedelta(days=2)  # notices of the last days may still be added
MAX_DAY = 500_000_000


def fetch(client: Client, asked: Asked, watch: Watch) -> Fetched:
    """The notices from `since` (else of the last 30 days) to today, in one file, oldest first.

    Days that are complete are not asked again. A day that fails ends the download: what came
    before it is given, so that the next download begins there. Raises OnlineError when nothing
    came.
    """
    since = asked.since or asked.today - FIRST_TIME
    days = list(_days(since, asked.today))
    had: list[Path] = []
    missing: tuple[str, ...] = ()
    for number, day in enumerate(days):
        watch.parts(number, len(days))
        try:
            had.append(_one_day(client, asked, day))
        except OnlineError as error:
            if not had:
                raise
            missing = (f"du {_french(day)} au {_french(asked.today)} ({error.message})",)
            break
    watch.parts(len(had), len(days))
    last = days[len(had) - 1]
    path = join_files(had, asked.folder / f"boamp-{since}-{last}.jsonl")
    count = sum(part.stat().st_size > 0 for part in had)
    if not missing:
        _clean(asked, path)
    said = f"Avis du BOAMP du {_french(since)} au {_french(last)} ({count} jours de parution)."
    return Fetched(path, said, missing)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _french(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _one_day(client: Client, asked: Asked, day: date) -> Path:
    """The file of a day, complete. Raises WrongContent when its notices are not all there."""
    target = asked.folder / f"{day}.jsonl"
    if target.exists():
        return target
    if day >= asked.today - MOVING:  # under another name, that is never taken for complete
        target = asked.folder / f"{day}-provisoire.jsonl"
    where = f"dateparution >= date'{day}' and dateparution <= date'{day}'"
    page = client.get_json(f"{BASE}/records", {"where": where, "limit": 1, "select": "idweb"})
    total = page.get("total_count") if isinstance(page, dict) else None
    if not isinstance(total, int):
        raise WrongContent("Le BOAMP ne dit pas combien d'avis ont paru ce jour-là.")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not total:
        target.write_bytes(b"")
        return target
    draft = target.with_name(target.name + ".new")
    address = f"{BASE}/exports/jsonl?{urlencode({'where': where})}"
    download(client, address, draft, Wanted(MAX_DAY, starts=(b"{",)))
    came = _complete_lines(draft)
    draft.with_name(draft.name + ".json").unlink(missing_ok=True)
    if came != total:
        draft.unlink()
        raise WrongContent(
            f"Le BOAMP annonce {total} avis parus le {_french(day)}, {came} sont venus."
        )
    return draft.replace(target)


def _complete_lines(path: Path) -> int:
    """How many lines are a record; -1 as soon as one is not."""
    count = 0
    with path.open("rb") as file:
        for line in file:
            if not line.strip():
                continue
            try:
                orjson.loads(line)
            except orjson.JSONDecodeError:
                return -1
            count += 1
    return count


def _clean(asked: Asked, kept: Path) -> None:
    """Once all is there, only the newest joined file stays, and the days of the last month."""
    for path in asked.folder.glob("boamp-*.jsonl"):
        if path != kept:
            path.unlink()
    limit = f"{asked.today - FIRST_TIME}.jsonl"
    for path in asked.folder.glob("[0-9]*.jsonl"):
        if path.name < limit:
            path.unlink()


DOWNLOAD = Download("boamp", ACCESS, fetch, by_day=True)
