"""The objects of a JSON export, one at a time: a list, pages of results, lines, one after another.

Recognised: `[{…}, …]`, `{"results": […]}` or `{"items": […]}`, a list of such pages, and any of
these written one after another (pages saved by a script, JSON lines).
"""

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

import ijson
from ijson.common import ObjectBuilder

from importers.files.blocks import Blocks, Counted, open_blocks
from importers.rows import UnreadableFile, Warned

PAGES = frozenset({"results", "items"})
MAX_ITEM = 16_000_000  # bytes read without an object coming out
MAX_DEPTH = 60
_BLANKS = bytes(b" "[0] if b < 32 else b for b in range(256))
MAX_NEWS = 200  # unknown keys of a file that are told; past that it is another kind of file


class Watched(Counted):
    """Blocks for a parser, counted between two objects.

    Control characters, which JSON forbids and exports hold, become blanks: between values that
    changes nothing, and inside a text it saves the file.
    """

    def __init__(self, path: Path, blocks: Blocks) -> None:
        super().__init__(path, blocks, "un objet", MAX_ITEM)

    def read(self, size: int) -> bytes:
        """The next block. Raises UnreadableFile past MAX_ITEM without an object."""
        return super().read(size).translate(_BLANKS)


def iter_items(path: Path) -> Iterator[tuple[int, Any]]:
    """(rank from 1, value) of each object of the file, streamed; what else stands in a list of
    objects is given too. Raises UnreadableFile where the file stops being JSON."""
    with open_blocks(path) as blocks:
        source = Watched(path, blocks)
        try:
            events = ijson.basic_parse(source, multiple_values=True, use_float=True)
            for rank, value in enumerate(_objects(path, events), 1):
                source.since = 0
                yield rank, value
        except (ijson.JSONError, UnicodeDecodeError) as e:
            raise UnreadableFile(
                f"{path.name} : ce n'est pas du JSON correct, ou le fichier est tronqué ; ce qui "
                "précède a été lu."
            ) from e


def _objects(path: Path, events: Iterator[tuple[str, Any]]) -> Iterator[Any]:
    """The objects among parsing events. An object is built until a key says that it is a page:
    then the list under that key holds the objects, and the page's other values are dropped."""
    outer: list[str] = []  # the lists and pages that we are in, "list" or "page"
    builder: ObjectBuilder | None = None
    begun = depth = 0  # depth where the value being built began
    key = ""  # last key of the page, or of the object being built, at its own level
    for event, value in events:
        if event == "map_key" and depth == (begun + 1 if builder else len(outer)):
            key = value
        if builder is None and event in ("end_map", "end_array"):
            outer.pop()
            depth -= 1
            continue
        paged = key in PAGES and depth == (begun + 1 if builder else len(outer))
        if event == "start_array" and (paged if builder or _in_page(outer) else True):
            outer += ["page", "list"] if builder else ["list"]
            builder, depth = None, depth + 1
        elif event != "map_key" or builder:
            if builder is None:
                builder, begun, key = ObjectBuilder(), depth, ""
            builder.event(event, value)
            depth += {"start": 1, "end": -1}.get(event.partition("_")[0], 0)
            if depth == begun:
                if not _in_page(outer):
                    yield builder.value
                builder = None
        if depth > MAX_DEPTH:
            raise UnreadableFile(f"{path.name} : ce JSON est imbriqué trop profondément.")


def _in_page(outer: list[str]) -> bool:
    return outer[-1:] == ["page"]


def news(item: Any, listed: Container[str], told: set[str]) -> list[Warned]:
    """A warning for each key of an object that no reader lists, the first time that it comes; it
    is added to `told`."""
    unlisted = [str(key) for key in item if key not in listed] if isinstance(item, dict) else []
    new = [key for key in unlisted if key not in told][: MAX_NEWS - len(told)]
    told.update(new)
    return [
        Warned(key[:60], "colonne_nouvelle", f"Le champ « {key[:60]} » est inconnu, il est ignoré.")
        for key in new
    ]
