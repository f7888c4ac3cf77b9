"""The records of an XML document as JSON would give them, streamed, and nothing else of it.

A document type is refused: entities and what they may bring in are never needed by public data.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from importers.files.blocks import Counted, open_blocks
from importers.rows import UnreadableFile

MAX_RECORD = 16_000_000  # bytes read without a record coming out
MAX_DEPTH = 60  # elements within one another in a record


def iter_records(
    path: Path, root: str, tags: Collection[str]
) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """(rank from 1, tag, record) of each element of these tags, without namespaces: its children
    by name, a text for one without children, a list for those that share a name.

    Raises UnreadableFile where the file stops being XML, for another root, and for a document
    type.
    """
    with open_blocks(path, xml=True) as blocks:
        source = Counted(path, blocks, "une fiche", MAX_RECORD)
        try:
            rank = 0
            for event, element in _parsed(source, root, tags):
                name = etree.QName(element).localname
                if event == "start":
                    _check_document(path, element, root)
                elif name in tags:
                    rank += 1
                    source.since = 0
                    yield rank, name, _record(path, element)
                    _forget(element)
        except etree.XMLSyntaxError as e:
            raise UnreadableFile(
                f"{path.name} : ce n'est pas du XML correct, ou le fichier est tronqué ; ce qui "
                "précède a été lu."
            ) from e


def _parsed(source: Counted, root: str, tags: Collection[str]) -> Any:
    return etree.iterparse(
        source,
        events=("start", "end"),
        tag=[f"{{*}}{tag}" for tag in (root, *tags)],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _check_document(path: Path, element: Any, root: str) -> None:
    top = element.getroottree()
    if top.docinfo.doctype or top.docinfo.internalDTD is not None:
        raise UnreadableFile(
            f"{path.name} : ce XML déclare un type de document (DOCTYPE), il est refusé par "
            "prudence. Enregistrez-le sans cette déclaration."
        )
    if etree.QName(top.getroot()).localname != root:
        raise UnreadableFile(f"{path.name} : la racine de ce XML n'est pas « {root} ».")


def _record(path: Path, element: Any) -> dict[str, Any]:
    value = _value(path, element, 0)
    return value if isinstance(value, dict) else {}


def _value(path: Path, element: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise UnreadableFile(f"{path.name} : ce XML est imbriqué trop profondément.")
    found: dict[str, list[Any]] = {}
    for child in element.iterchildren(etree.Element):
        name = etree.QName(child).localname
        found.setdefault(name, []).append(_value(path, child, depth + 1))
    if not found:
        return "".join(element.itertext(etree.Element)).strip()
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _forget(element: Any) -> None:
    """Free a record and those before it: memory does not grow with the file."""
    element.clear()
    for one in (element, *element.iterancestors()):
        parent = one.getparent()
        while parent is not None and one.getprevious() is not None:
            del parent[0]
