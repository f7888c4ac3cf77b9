"""The notices of French buyers in TED, one day of publication at a time (Search API v3).

The search answers by pages with a token for the next one, 250 notices at most; the token may still
come with the last page, so a day is complete when as many notices came as the first page announced.
Each notice is then read at its own address. Days that are complete are kept as zips, and the
notices of the day that was cut as files, so that the next download goes on.

https://docs.ted.europa.eu/reuse/search-api.html
"""

import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from importers.downloads import Asked, Download, Fetched, Watch, bring_days
from importers.http import Access, Client, Wanted, WrongContent, download

SEARCH: Final = "https://api.ted.europa.eu/v3/notices/search"
SITE: Final = "ted.europa.eu"
ACCESS: Final = Access(frozenset({"api.ted.europa.eu", SITE}), per_second=2)
FIRST_TIME: Final = timedelta(days=10)
MOVING: Final = timedelta(days=2)  # notices of the last days may still be added
PER_PAGE: Final = 250
MAX_PAGES: Final = 200  # of a day
MAX_NOTICE: Final = 20_000_000
_NUMBER: Final = re.compile(r"\d{1,8}-\d{4}")


def fetch(client: Client, asked: Asked, watch: Watch) -> Fetched:
    """The notices from `since` (else of the last 10 days) to today, in one zip. Raises OnlineError
    when nothing came."""
    days = bring_days(asked, FIRST_TIME, lambda day: _one_day(client, asked, day), watch)
    path, count = _joined(days.parts, asked.folder / f"ted-{days.first}-{days.last}.zip")
    if not days.missing:
        _clean(asked, path)
    said = (
        f"Avis de TED d'acheteurs français du {days.first:%d/%m/%Y} au {days.last:%d/%m/%Y} : "
        f"{count}."
    )
    return Fetched(path, said, days.missing)


def _one_day(client: Client, asked: Asked, day: date) -> Path:
    """The zip of a day, complete."""
    target = asked.folder / f"{day}.zip"
    if target.exists():
        return target
    folder = asked.folder / f"{day}"
    folder.mkdir(parents=True, exist_ok=True)
    settled = day < asked.today - MOVING
    for number, address in _listed(client, day):
        file = folder / f"{number}.xml"
        if not file.exists():
            download(client, address, file, Wanted(MAX_NOTICE, starts=(b"<", b"\xef\xbb\xbf<")))
            file.with_name(file.name + ".json").unlink(missing_ok=True)
    if not settled:  # under another name, that is never taken for complete
        target = asked.folder / f"{day}-provisoire.zip"
    _zipped(sorted(folder.glob("*.xml")), target)
    if settled:
        shutil.rmtree(folder)
    return target


def _listed(client: Client, day: date) -> Iterator[tuple[str, str]]:
    """(number, address of its XML) of each notice of a day, each once. Raises WrongContent when
    they are not all there."""
    seen: set[str] = set()
    total: int | None = None
    token: str | None = None
    for _ in range(MAX_PAGES):
        page = _page(client, day, token)
        total = page["totalNoticeCount"] if total is None else total
        for notice in page["notices"]:
            number = _first(notice.get("publication-number"))
            if not _NUMBER.fullmatch(number):
                raise WrongContent("TED donne un avis sans numéro de publication.")
            if number not in seen:
                seen.add(number)
                yield number, _address(notice, number)
        token = page.get("iterationNextToken")
        if len(seen) >= total or not page["notices"] or not token:
            break
    if len(seen) != total:
        raise WrongContent(
            f"TED annonce {total} avis parus le {day:%d/%m/%Y}, {len(seen)} sont venus."
        )


def _page(client: Client, day: date, token: str | None) -> dict[str, Any]:
    question: dict[str, Any] = {
        "query": f"buyer-country=FRA AND publication-date={day:%Y%m%d} SORT BY publication-number",
        "fields": ["publication-number", "publication-date", "links"],
        "limit": PER_PAGE,
        "scope": "ALL",
        "paginationMode": "ITERATION",
    }
    if token:
        question["iterationNextToken"] = token
    page = client.post_json(SEARCH, question)
    good = isinstance(page, dict) and isinstance(page.get("notices"), list)
    if not good or not isinstance(page.get("totalNoticeCount"), int) or page.get("timedOut"):
        raise WrongContent("TED n'a pas répondu par une liste d'avis complète.")
    if not all(isinstance(notice, dict) for notice in page["notices"]):
        raise WrongContent("TED n'a pas répondu par une liste d'avis.")
    return dict(page)


def _address(notice: Mapping[str, Any], number: str) -> str:
    """Where the XML of a notice is, in all its languages (« MUL »)."""
    links = notice.get("links")
    xml = links.get("xml") if isinstance(links, dict) else None
    address = xml.get("MUL") if isinstance(xml, dict) else None
    return address if isinstance(address, str) else f"https://{SITE}/en/notice/{number}/xml"


def _first(value: Any) -> str:
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, str) else ""


def _zipped(files: list[Path], target: Path) -> None:
    draft = target.with_name(target.name + ".new")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(_member(file.name), file.read_bytes())
    draft.replace(target)


def _joined(parts: list[Path], target: Path) -> tuple[Path, int]:
    """One zip of several, whole or not at all, the same bytes for the same notices; and how many
    notices it holds."""
    count = 0
    draft = target.with_name(target.name + ".new")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as whole:
        for part in parts:
            with zipfile.ZipFile(part) as archive:
                for name in archive.namelist():
                    whole.writestr(_member(name), archive.read(name))
                    count += 1
    return draft.replace(target), count


def _member(name: str) -> zipfile.ZipInfo:
    """A member of the zip, of no date: the file is the same when its notices are."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _clean(asked: Asked, kept: Path) -> None:
    """Once all is there, only the newest joined file stays, and the days of the last month."""
    for path in asked.folder.glob("ted-*.zip"):
        if path != kept:
            path.unlink()
    limit = f"{asked.today - 3 * FIRST_TIME}"
    for path in asked.folder.glob("[0-9]*"):
        if path.name[: len(limit)] < limit:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


DOWNLOAD = Download("ted", ACCESS, fetch, by_day=True)
