"""Atom: whatever texts sources hold, an XML that readers read."""

from datetime import UTC, date, datetime

import feedparser
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from annuaire.api.feeds.atom import ATOM, atom_feed
from annuaire.api.feeds.items import Feed, Item, Tag

MOMENT = datetime(2026, 5, 4, 12, tzinfo=UTC)


def feed(text: str) -> Feed:
    item = Item(
        id="https://annuaire.example.org/marches/boamp-26-1",
        url="https://annuaire.example.org/marches/boamp-26-1",
        title=text,
        html=text,
        published=MOMENT,
        modified=MOMENT,
        tags=(Tag(text, text, "https://annuaire.example.org/aide#clauses"),),
        own={},
        author=text,
        official_url=text,
    )
    address = "https://annuaire.example.org/flux/marches.atom"
    return Feed(text, text, address, address, date(2026, 5, 5), (item,))


@given(st.text())
def test_any_text_makes_a_feed_that_is_xml(text: str) -> None:
    root = etree.fromstring(atom_feed(feed(text)))
    (title,) = root.findall(f"{{{ATOM}}}entry/{{{ATOM}}}title")
    assert [c for c in (title.text or "") if c not in "\ufffd \n"] == [
        c for c in text if c.isprintable() and c != " "
    ] or not text.isprintable()


def test_a_reader_finds_the_item_and_its_dates() -> None:
    read = feedparser.parse(atom_feed(feed("Nettoyage & vitres")))
    assert not read.bozo
    (entry,) = read.entries
    assert (entry.title, entry.updated) == ("Nettoyage & vitres", "2026-05-04T12:00:00+00:00")
