"""JSON Feed 1.1 (https://jsonfeed.org/version/1.1)."""

from typing import Any, Final

from annuaire.api.feeds.items import Feed, Item

MEDIA_TYPE: Final = "application/feed+json"
VERSION: Final = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed, about: str) -> dict[str, Any]:
    """The feed; what programs need is in the extension `_annuaire`, which `about` explains."""
    hubs = [{"type": "WebSub", "url": feed.hub}] if feed.hub else []
    return {
        "version": VERSION,
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.page_url,
        "feed_url": feed.url,
        "language": "fr-FR",
        "_annuaire": {"about": about},
        "items": [_item(item) for item in feed.items],
    } | ({"hubs": hubs} if hubs else {})


def _item(item: Item) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "date_published": item.published.isoformat(timespec="seconds"),
        "date_modified": item.modified.isoformat(timespec="seconds"),
        "tags": [tag.label for tag in item.tags],
        "_annuaire": item.own,
    }
    if item.official_url:
        found["external_url"] = item.official_url
    if item.author:
        found["authors"] = [{"name": item.author}]
    return found
