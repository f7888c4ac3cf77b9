"""The Treasury's page: which link is the list, whatever the page looks like."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.downloads import Asked, Fetched
from importers.http import HttpStatus, WrongContent
from importers.sources.esus.download import DOWNLOAD, HOST, PAGE, choose
from tests.factories.publisher import (
    Publisher,
    Reply,
    Silent,
    file_reply,
    html_reply,
    publishing,
)

GUID = "/Institutionnel/Niveau3/Pages/fbd397c7/files/"


@pytest.mark.parametrize(
    ("page", "path"),
    [
        ('<a href="/liste.xlsx">Liste</a>', "/liste.xlsx"),
        ("<A HREF='/Liste%20ESUS.XLSX'>Liste", "/liste esus.xlsx"),
        ('<a href="/l.csv">CSV</a><a href="/guide.pdf">Guide</a>', "/l.csv"),
        # without extension: what the text says
        (f'<a href="{GUID}1b88">Liste nationale des agréments ESUS (Excel)</a>', f"{GUID}1b88"),
        (
            f'<a href="{GUID}aa">Guide des agréments ESUS (pdf)</a>'
            f'<a href="{GUID}bb"><span>Télécharger</span> la liste</a>',
            f"{GUID}bb",
        ),
        (f'<a href="{GUID}cc" title="Liste ESUS, XLSX"><img src="x.png"></a>', f"{GUID}cc"),
        # the newest, by date in the text or in the name
        (
            '<a href="/a.xlsx">au 31/01/2024</a><a href="/b.xlsx">mise à jour du 24 juillet 2025'
            '</a><a href="/c.xlsx">au 31 janvier 2025</a>',
            "/b.xlsx",
        ),
        ('<a href="/esus-2024.xlsx">x</a><a href="/esus-2026-01.xlsx">x</a>', "/esus-2026-01.xlsx"),
        ('<a href="/a.xlsx">au 1er mars 2026</a><a href="/b.xlsx">2026</a>', "/a.xlsx"),
        # without dates, the first
        ('<a href="/a.xlsx">Liste</a><a href="/b.xlsx">Liste</a>', "/a.xlsx"),
        # an extension weighs more than words
        (f'<a href="{GUID}dd">Liste Excel</a><a href="/b.ods">ici</a>', "/b.ods"),
        # broken HTML
        ('<div><a href="/a.xlsx">Liste<a href="/b.pdf">Guide</div></p>', "/a.xlsx"),
        # elsewhere does not count
        ('<a href="https://evil.example.org/liste.xlsx">Liste ESUS</a>', None),
        (f'<a href="http://[{GUID}">Liste</a>', None),
        ('<a href="/guide.pdf">Liste des agréments ESUS</a>', None),
        ('<a href="mailto:esus@dgtresor.gouv.fr">Liste ESUS</a><p>/liste.xlsx</p>', None),
        ("", None),
    ],
)  # fmt: skip
def test_the_link_of_the_newest_list_is_found(page: str, path: str | None) -> None:
    link, _ = choose(page, PAGE)
    assert (link.path if link else None) == (path.lower() if path else None)


@given(st.text() | st.binary().map(lambda data: data.decode("utf-8", "replace")))
def test_any_page_is_read(page: str) -> None:
    choose(page, PAGE)
    choose(f'<a href="{page}">liste {page}', PAGE)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing(HOST) as publisher:
        yield publisher


def fetch(publisher: Publisher, folder: Path) -> Fetched:
    with publisher.client(DOWNLOAD.access) as client:
        return DOWNLOAD.fetch(client, Asked(folder, date(2026, 11, 28)), Silent())


def test_the_list_is_brought_and_asked_for_news_the_next_time(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.on(PAGE, html_reply(f'<a href="{GUID}1b">Liste nationale des agréments ESUS</a>'))
    publisher.on(f"https://{HOST}{GUID}1b", file_reply(b"SIREN;Nom\n"))
    got = fetch(publisher, tmp_path)
    assert got.path.read_bytes() == b"SIREN;Nom\n"
    assert got.said == "Liste du Trésor : « liste nationale des agrements esus »."
    assert fetch(publisher, tmp_path).said.endswith("inchangée.")


def test_a_page_without_a_list_says_what_to_do(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(PAGE, html_reply('<a href="/">Accueil</a><a href="/autre">Autre</a>'))
    with pytest.raises(WrongContent, match=r"aucun lien.*2 liens lus.*import esus FICHIER"):
        fetch(publisher, tmp_path)


def test_a_page_that_moved_is_said(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(PAGE, Reply(404))
    with pytest.raises(HttpStatus, match="404"):
        fetch(publisher, tmp_path)
