"""The values of some lists of a JSON document, one at a time, in one quick pass.

A list is known by the keys that lead to it: ("marches", "marche") in {"marches": {"marche": […]}},
() when the document itself is one. Whatever else the document holds is passed over.
"""

from collections.abc import Collection, Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import ijson

from importers.files.blocks import open_blocks
from importers.files.json_items import MAX_DEPTH
from importers.files.json_mending import Mended
from importers.rows import UnreadableFile

Address = tuple[str, ...]
Events = Iterator[tuple[str, Any]]


def iter_lists(path: Path, lists: Collection[Address]) -> Iterator[tuple[int, Address, Any]]:
    """(rank from 1, address of its list, value) of each value of these lists, streamed. Numbers of
    any size are kept, and what programs often write wrong is mended.

    Raises UnreadableFile where the file stops being JSON, and when it holds none of these lists.
    """
    found = False
    with open_blocks(path) as blocks:
        source = Mended(path, blocks)
        try:
            # Without `use_float`, which ends the file at a number that no float holds.
            events = iter(ijson.basic_parse(source))
            rank = count(1)
            for address, values in _lists(path, events, lists):
                found = True
                for value in values:
                    source.since = 0
                    yield next(rank), address, value
        except (ijson.JSONError, UnicodeDecodeError) as e:
            raise UnreadableFile(
                f"{path.name} : ce n'est pas du JSON correct, ou le fichier est tronqué ; ce qui "
                "précède a été lu."
            ) from e
    if not found:
        names = ", ".join(f"« {'.'.join(address)} »" for address in lists if address)
        raise UnreadableFile(
            f"{path.name} : ce JSON ne contient aucune des listes attendues ({names})."
        )


def _lists(
    path: Path, events: Events, wanted: Collection[Address]
) -> Iterator[tuple[Address, Iterator[Any]]]:
    """Each wanted list, with its values still to be read: all of them, before the next."""
    keys: list[str] = []  # of the objects and lists that we are in
    key = ""
    for event, value in events:
        if event == "map_key":
            key = value
        elif event in ("end_map", "end_array"):
            keys.pop()
        elif event in ("start_map", "start_array"):
            address = (*keys[1:], key) if keys else ()
            if event == "start_array" and address in wanted:
                yield address, _values(path, events)
                continue
            keys.append(key)
            key = ""
            if len(keys) > MAX_DEPTH:
                raise _too_deep(path)


def _values(path: Path, events: Events) -> Iterator[Any]:
    """The values of the list that has just begun, up to its end."""
    above: list[Any] = []  # what holds the object or list being filled, outermost first
    filled: Any = None
    key = ""
    for event, value in events:
        if event == "map_key":
            key = value
        elif event in ("start_map", "start_array"):
            new: Any = {} if event == "start_map" else []
            if filled is not None:
                _put(filled, key, new)
            above.append(filled)
            filled = new
            if len(above) > MAX_DEPTH:
                raise _too_deep(path)
        elif event in ("end_map", "end_array"):
            if filled is None:
                return
            done, filled = filled, above.pop()
            if filled is None:
                yield done
        else:
            plain = float(value) if type(value) is Decimal else value
            if filled is None:
                yield plain
            else:
                _put(filled, key, plain)


def _put(filled: Any, key: str, value: Any) -> None:
    if type(filled) is dict:
        filled[key] = value
    else:
        filled.append(value)


def _too_deep(path: Path) -> UnreadableFile:
    return UnreadableFile(f"{path.name} : ce JSON est imbriqué trop profondément.")
