"""An XML document as the JSON that publishers make of it: `{"cbc:ID": {"@schemeName": …, "#text":
…}}`, one child an object, several a list. Nothing outside the document is ever read.

A document type is refused: entities, and what they may bring in, are never needed by public data.
"""

from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from importers.rows import InvalidRow

MAX_DEPTH: Final = 60  # elements within one another; a notice has about twenty
_SCHEMA: Final = "http://www.w3.org/2001/XMLSchema-instance"


def parse_xml(data: bytes, prefixes: Mapping[str, str] | None = None) -> tuple[str, Any]:
    """The root's local name, and its tree; names of the namespaces in `prefixes` take their prefix,
    others stand alone. Raises InvalidRow for what is no XML, or may not be read."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        where = f" (ligne {error.lineno})" if error.lineno else ""
        raise InvalidRow(
            "", "xml", f"Ce n'est pas du XML correct{where}, ou le fichier est tronqué."
        ) from error
    except ValueError as error:  # an encoding that libxml2 does not know
        raise InvalidRow("", "xml", "Ce n'est pas du XML lisible.") from error
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise InvalidRow(
            "",
            "doctype",
            "Ce XML déclare un type de document (DOCTYPE), il est refusé par prudence : les "
            "avis n'en ont pas besoin.",
        )
    return etree.QName(root).localname, _value(root, prefixes or {}, 0)


def _value(element: Any, prefixes: Mapping[str, str], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise InvalidRow("", "xml", "Ce XML est imbriqué trop profondément.")
    found: dict[str, list[Any]] = {}
    for child in element.iterchildren(etree.Element):
        found.setdefault(_name(child.tag, prefixes), []).append(_value(child, prefixes, depth + 1))
    said = {
        f"@{_name(name, prefixes)}": value
        for name, value in element.attrib.items()
        if not name.startswith(f"{{{_SCHEMA}}}")
    }
    if found:
        many = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
        return said | many
    text = (element.text or "").strip()
    return said | {"#text": text} if said else text


def _name(tag: str, prefixes: Mapping[str, str]) -> str:
    name = etree.QName(tag)
    prefix = prefixes.get(name.namespace or "")
    return f"{prefix}:{name.localname}" if prefix else name.localname
