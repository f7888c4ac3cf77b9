"""How an eForms notice names itself, and the notices that it follows."""

import re
from collections.abc import Iterator
from typing import Any

from importers.sources.boamp.tree import every, first, raw

EXTENSION = (
    "ext:UBLExtensions",
    "ext:UBLExtension",
    "ext:ExtensionContent",
    "efext:EformsExtension",
)
_UUID = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-(\d{1,2}))?")
_TED = re.compile(r"0*(\d{1,8})-(\d{4})")


def own_keys(notice: Any) -> tuple[str, ...]:
    """The identifier and the version of a notice (BT-701, BT-757), by which two journals that
    publish it agree; and its number in the OJEU (OPP-010), once it has one."""
    version = raw(first(notice, "cbc:VersionID")).strip()
    names = [f"{raw(leaf).strip()}-{version}" for leaf in every(notice, "cbc:ID")]
    published = every(notice, *EXTENSION, "efac:Publication", "efbc:NoticePublicationID")
    return _named([*names, *(raw(leaf) for leaf in published)])


def cited_keys(notice: Any) -> tuple[str, ...]:
    """The notices that this one changes (BT-758), modifies (BT-1501) or that announced it
    (BT-125)."""
    cited = [
        *every(notice, *EXTENSION, "efac:Changes", "efbc:ChangedNoticeIdentifier"),
        *every(notice, *EXTENSION, "efac:ContractModification", "efbc:ChangedNoticeIdentifier"),
        *every(notice, "cac:TenderingProcess", "cac:NoticeDocumentReference", "cbc:ID"),
        *every(
            notice,
            "cac:ProcurementProjectLot",
            "cac:TenderingProcess",
            "cac:NoticeDocumentReference",
            "cbc:ID",
        ),
    ]
    return _named([raw(leaf) for leaf in cited])


def ted_number(text: str) -> str | None:
    """A number of the OJEU as TED writes it, « 00123456-2026 » → « 123456-2026 »."""
    match = _TED.fullmatch(text.strip())
    return f"{match[1]}-{match[2]}" if match else None


def _named(identifiers: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for text in identifiers for key in _keys(text)))


def _keys(identifier: str) -> Iterator[str]:
    text = identifier.strip().lower()
    if match := _UUID.fullmatch(text):
        yield f"eforms:{match[1]}-{int(match[2] or 1):02}"
    elif number := ted_number(text):
        yield f"ted:{number}"
