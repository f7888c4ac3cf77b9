"""Atom (RFC 4287), written with lxml.

feedgen would write it too, but has had no release since April 2024 or before, and adds nothing to
ten elements but python-dateutil.
"""

import re
from typing import Final

from lxml import etree
from lxml.builder import ElementMaker

from annuaire.api.feeds.items import Feed, Item

MEDIA_TYPE: Final = "application/atom+xml"
ATOM: Final = "http://www.w3.org/2005/Atom"
LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_E = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
#: What XML 1.0 (2.2) cannot hold, even escaped.
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom_feed(feed: Feed) -> bytes:
    """The feed, in UTF-8."""
    root = _E.feed(
        _E.id(feed.url),
        _E.title(_held(feed.title)),
        _E.subtitle(_held(feed.description)),
        _E.updated(feed.modified.isoformat(timespec="seconds")),
        _E.link(rel="self", type=MEDIA_TYPE, href=feed.url),
        _E.link(rel="alternate", type="text/html", href=feed.page_url),
        _E.author(_E.name("annuaire")),
        *([_E.link(rel="hub", href=feed.hub)] if feed.hub else []),
        *(_entry(item) for item in feed.items),
    )
    root.set(LANG, "fr")
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _entry(item: Item) -> etree._Element:
    entry = _E.entry(
        _E.id(item.id),
        _E.title(_held(item.title)),
        _E.link(rel="alternate", type="text/html", href=item.url),
        _E.published(item.published.isoformat(timespec="seconds")),
        _E.updated(item.modified.isoformat(timespec="seconds")),
    )
    if item.official_url:
        entry.append(_E.link(rel="via", href=_held(item.official_url)))
    if item.author:
        entry.append(_E.author(_E.name(_held(item.author))))
    for tag in item.tags:
        label = _held(tag.label)
        entry.append(_E.category(term=_held(tag.term), label=label, scheme=tag.scheme))
    entry.append(_E.content(_held(item.html), type="html"))
    return entry


def _held(text: str) -> str:
    return _NO_XML.sub(" ", text)
