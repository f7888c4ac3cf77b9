"""The notices of the BOAMP, one day of publication at a time (Opendatasoft, Explore API v2.1).

`/records` stops at 10,000 rows (`offset` + `limit`), so a day is taken whole from
`/exports/jsonl`. An export that breaks ends with a sentence in place of a record, and a status
that says nothing: each day is therefore counted against `total_count`.
"""

from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import orjson

from importers.downloads import Asked, Download, Fetched, Watch, bring_days, join_files
from importers.http import Access, Client, Wanted, WrongContent, download

BASE = "https://boamp-datadila.opendatasoft.com/api/explore/v2.1/catalog/datasets/boamp"
ACCESS = Access(frozenset({"boamp-datadila.opendatasoft.com"}), per_second=1)
FIRST_TIME = timedelta(days=30)
MOVING = timedelta(days=2)  # notices of the last days may still be added
MAX_DAY = 500_000_000


def fetch(client: Client, asked: Asked, watch: Watch) -> Fetched:
    """The notices from `since` (else of the last 30 days) to today, in one file, oldest first;
    days that are complete are not asked again. Raises OnlineError when nothing came."""
    days = bring_days(asked, FIRST_TIME, lambda day: _one_day(client, asked, day), watch)
    path = join_files(days.parts, asked.folder / f"boamp-{days.first}-{days.last}.jsonl")
    count = sum(part.stat().st_size > 0 for part in days.parts)
    if not days.missing:
        _clean(asked, path)
    said = (
        f"Avis du BOAMP du {days.first:%d/%m/%Y} au {days.last:%d/%m/%Y} ({count} jours de "
        "parution)."
    )
    return Fetched(path, said, days.missing)


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
            f"Le BOAMP annonce {total} avis parus le {day:%d/%m/%Y}, {came} sont venus."
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
