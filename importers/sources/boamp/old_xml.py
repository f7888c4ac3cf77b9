"""The XML of the BOAMP of before 2020, a notice a document (`Boamp_v230.xsd`, root `ANNONCE`)."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.contracts.records import NoticeRecord
from importers.files.bundles import read_documents
from importers.files.fields import Warnings
from importers.files.xml_tree import parse_xml
from importers.rows import InvalidRow, Row
from importers.sources.boamp.former_api import transform_former


def read_xml(path: Path) -> Iterator[Row[NoticeRecord]]:
    """The notice of a document, or those of a folder or a zip. Raises UnreadableFile as
    `iter_documents` does."""
    return read_documents(path, transform)


def transform(data: bytes, _name: str, warnings: Warnings) -> NoticeRecord:
    """A document as a notice. Raises InvalidRow for what is no notice of the BOAMP."""
    root, tree = parse_xml(data)
    if root != "ANNONCE" or not isinstance(tree, dict):
        raise InvalidRow("", "xml", f"La racine de ce XML est « {root[:40]} », et non « ANNONCE ».")
    return transform_former(
        {"gestion": tree.get("GESTION"), "donnee": tree.get("DONNEES")}, warnings
    )
