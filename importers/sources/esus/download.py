"""The Treasury's list of ESUS agreements: a link on its page, whose form is not promised.

Links of the Treasury's files often carry no extension (`/…/Pages/<guid>/files/<guid>`), so a link
counts by its extension, or by where it leads and what its text says.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from annuaire.words import fold
from importers.downloads import Asked, Download, Fetched, Watch
from importers.http import Access, Client, Wanted, WrongContent, download

PAGE = (
    "https://www.tresor.economie.gouv.fr/banque-assurance-finance/"
    "finance-sociale-et-solidaire/liste-nationale-agrements-esus"
)
HOST = "www.tresor.economie.gouv.fr"
ACCESS = Access(frozenset({HOST}), per_second=0.5)
MAX_BYTES = 50_000_000
TABLES = (".xlsx", ".ods", ".xls", ".csv")
OTHERS = (".pdf", ".doc", ".docx", ".zip", ".jpg", ".png", ".ppt", ".pptx")
_TABLE_WORDS = re.compile(r"\b(xlsx?|excel|csv|ods|tableur|liste|agrements?|esus|telecharger)\b")
_OTHER_WORDS = re.compile(r"\b(pdf|guide|notice|formulaire|circulaire|decret|rapport)\b")
_MONTHS = {
    "janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7,
    "aout": 8, "septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12,
}  # fmt: skip
_DATE = re.compile(
    r"(?<!\d)(?:(\d{1,2})(?:er)? ?[/. -] ?)?(?:(0?[1-9]|1[0-2])[/.-]|("
    + "|".join(_MONTHS)
    + r") )?(20\d\d)(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the page, its address complete and its words folded."""

    url: str
    words: str

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.url).path).lower()

    @property
    def newest(self) -> tuple[int, int, int]:
        """The newest (year, month, day) that its text or name gives; zeros when it gives none."""
        name = self.path.rpartition("/")[2] if self.path.endswith(TABLES) else ""  # else a GUID
        found = _DATE.findall(f"{self.words} {fold(name)}")
        dates = [
            (int(year), int(number or _MONTHS.get(month, 0)), int(day or 0))
            for day, number, month, year in found
        ]
        return max(dates, default=(0, 0, 0))


class _Links(HTMLParser):
    """The links of a page with their text; also reads pages that are not well formed."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base, self.found = base, list[Link]()
        self._href: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.close_link()
            self._href = values["href"]
            self._words = [values.get("title") or "", values.get("download") or ""]

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.close_link()

    def close_link(self) -> None:
        if self._href:
            try:
                url = urljoin(self.base, self._href.strip())
            except ValueError:
                url = ""
            self.found.append(Link(url, fold(" ".join(self._words))))
        self._href, self._words = None, []


def choose(page: str, base: str) -> tuple[Link | None, int]:
    """The link to the newest list, and how many links of the page lead to the same host."""
    reader = _Links(base)
    reader.feed(page)
    reader.close_link()
    here = [link for link in reader.found if urlsplit(link.url).hostname == HOST]
    tables = [link for link in here if link.path.endswith(TABLES)] or [
        link
        for link in here
        if "/files/" in link.path
        and not link.path.endswith(OTHERS)
        and _TABLE_WORDS.search(link.words)
        and not _OTHER_WORDS.search(link.words)
    ]
    # The first of equals: pages put the newest on top.
    return max(tables, key=lambda link: link.newest, default=None), len(here)


def fetch(client: Client, asked: Asked, watch: Watch) -> Fetched:
    """Bring the newest list that the page links to. Raises WrongContent when it shows none."""
    page = client.get_page(PAGE)
    link, seen = choose(page.text, page.url)
    if link is None:
        raise WrongContent(
            "La page du Trésor ne montre aucun lien vers un classeur ou un CSV "
            f"({seen} liens lus). Ouvrez {PAGE}, téléchargez la liste et donnez son chemin : "
            "« annuaire import esus FICHIER »."
        )
    suffix = next((s for s in TABLES if link.path.endswith(s)), ".xlsx")
    target = asked.folder / f"agrements-esus{suffix}"
    got = download(client, link.url, target, Wanted(MAX_BYTES), watch.bytes)
    named = f"« {link.words[:80].strip()} »" if link.words.strip() else link.url
    return Fetched(got.path, f"Liste du Trésor : {named}{'' if got.fresh else ', inchangée'}.")


DOWNLOAD = Download("esus", ACCESS, fetch)
