"""The XML of the BOAMP of before 2020, a notice a document (`Boamp_v230.xsd`, root `ANNONCE`)."""

from collections.abc import Iterator
from pathlib import Path

from annuaire.contracts.records import NoticeRecord
from importers.files.bundles import Document, iter_documents, told_of
from importers.files.fields import Warnings
from importers.files.xml_tree import parse_xml
from importers.rows import InvalidRow, Row
from importers.sources.boamp.former_api import transform_former


def read_xml(path: Path) -> Iterator[Row[NoticeRecord]]:
    """The notice of a document, or those of a folder or a zip. Raises UnreadableFile as
    `iter_documents` does."""
    for document in iter_documents(path):
        warnings: Warnings = []
        try:
            record = transform(document, warnings)
        except InvalidRow as refusal:
            why = told_of(document, path, refusal)
            yield Row(document.rank, warnings=tuple(warnings), refusal=why)
        else:
            yield Row(document.rank, record, tuple(warnings))


def transform(document: Document, warnings: Warnings) -> NoticeRecord:
    """A document as a notice. Raises InvalidRow for what is no notice of the BOAMP."""
    if document.refusal:
        raise document.refusal
    root, tree = parse_xml(document.data)
    if root != "ANNONCE" or not isinstance(tree, dict):
        raise InvalidRow("", "xml", f"La racine de ce XML est « {root[:40]} », et non « ANNONCE ».")
    return transform_former(
        {"gestion": tree.get("GESTION"), "donnee": tree.get("DONNEES")}, warnings
    )
