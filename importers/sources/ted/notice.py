"""One eForms notice in UBL XML as a notice: what each business term means is said once, in
`importers.sources.boamp.eforms`, which reads the same tree as JSON."""

from datetime import date
from pathlib import PurePosixPath
from typing import Any, Final

from annuaire.contracts.records import NoticeRecord
from importers.files.fields import Warnings
from importers.files.xml_tree import parse_xml
from importers.rows import InvalidRow, SkipRow
from importers.sources.boamp import common
from importers.sources.boamp.corrections import is_cancelled
from importers.sources.boamp.eforms import read_eforms
from importers.sources.boamp.eforms_keys import EXTENSION, ted_number
from importers.sources.boamp.eforms_results import Organisations
from importers.sources.boamp.tree import day, every, first, raw

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
_EFORMS: Final = "http://data.europa.eu/p27/eforms-ubl-extension"
PREFIXES: Final = {
    f"{_UBL}CommonAggregateComponents-2": "cac",
    f"{_UBL}CommonBasicComponents-2": "cbc",
    f"{_UBL}CommonExtensionComponents-2": "ext",
    f"{_EFORMS}-aggregate-components/1": "efac",
    f"{_EFORMS}-basic-components/1": "efbc",
    f"{_EFORMS}s/1": "efext",
}
ROOTS: Final = ("ContractNotice", "ContractAwardNotice", "PriorInformationNotice")
FRANCE: Final = "FRA"

#: What the form is for (BT-03, attribute `listName` of BT-02).
FORMS: Final = {
    "planning": "planned",
    "competition": "call",
    "result": "award",
    "cont-modif": "modification",
}
BY_ROOT: Final = {
    "ContractNotice": "call",
    "ContractAwardNotice": "award",
    "PriorInformationNotice": "planned",
}
TYPES: Final = {"works": "travaux", "services": "services", "supplies": "fournitures"}  # BT-23
PROCEDURES: Final = {  # BT-105
    "open": "Procédure ouverte",
    "restricted": "Procédure restreinte",
    "neg-w-call": "Procédure négociée avec mise en concurrence préalable",
    "neg-wo-call": "Procédure négociée sans mise en concurrence préalable",
    "comp-dial": "Dialogue compétitif",
    "comp-tend": "Mise en concurrence",
    "innovation": "Partenariat d'innovation",
    "oth-single": "Autre procédure en une étape",
    "oth-mult": "Autre procédure en plusieurs étapes",
}


def transform(data: bytes, name: str, warnings: Warnings) -> NoticeRecord:
    """A document as a notice; `name` is its file's. Raises SkipRow for one that no French buyer
    signs, InvalidRow for what is no eForms notice, or says neither day nor title."""
    root, notice = parse_xml(data, PREFIXES)
    if root == "TED_EXPORT":
        raise InvalidRow(
            "",
            "ancien_format",
            "Cet avis est dans l'ancien format de TED (TED_EXPORT, avant octobre 2023), qui n'est "
            "pas lu.",
        )
    if root not in ROOTS or not isinstance(notice, dict):
        raise InvalidRow("", "xml", f"La racine de ce XML est « {root[:40]} » : ce n'est pas un "
                         "avis eForms.")  # fmt: skip
    if FRANCE not in _countries(notice):
        raise SkipRow("no French buyer")
    detail = read_eforms({root: notice})
    published = _published_on(notice)
    if published is None:
        raise InvalidRow("IssueDate", "date", "La date de l'avis manque, ou est impossible.")
    number = _number(notice, name)
    key = number or next((k.partition(":")[2] for k in detail.own_keys), None)
    if key is None:
        raise InvalidRow("ID", "vide", "L'avis n'a ni numéro de publication ni identifiant.")
    title = common.title_of(detail.title or "", "Name", warnings)
    return NoticeRecord(
        source="ted",
        source_key=key,
        title=title,
        nature=_nature(root, notice),
        buyer=common.placed(detail.buyer, common.NO_BUYER),
        published_on=published,
        deadline=detail.deadline,
        family="JOUE",
        procedure=PROCEDURES.get(raw(first(notice, "cac:TenderingProcess", "cbc:ProcedureCode"))),
        types=_types(notice),
        description=detail.description if detail.description != title else None,
        cpv=detail.cpv,
        reference=detail.reference,
        folder=detail.folder,
        own_keys=tuple(k for k in detail.own_keys if k != f"ted:{key}"),
        linked_keys=detail.linked_keys,
        url=f"https://ted.europa.eu/fr/notice/-/detail/{number}" if number else None,
        lots=detail.lots,
        awards=detail.awards,
        texts=detail.texts,
        codes=detail.codes,
        removed_lots=detail.removed_lots,
        complete=detail.complete,
    )


def _number(notice: Any, name: str) -> str | None:
    """The number in the Official Journal (OPP-010), else that of the file, « 123456_2026.xml »."""
    said = every(notice, *EXTENSION, "efac:Publication", "efbc:NoticePublicationID")
    stem = PurePosixPath(name.replace("\\", "/")).stem.replace("_", "-")
    return next((n for text_ in (*map(raw, said), stem) if (n := ted_number(text_))), None)


def _published_on(notice: Any) -> date | None:
    """The day of publication (OPP-012), else the day on which the buyer sent it (BT-05)."""
    said = first(notice, *EXTENSION, "efac:Publication", "efbc:PublicationDate")
    return day(said) or day(first(notice, "cbc:IssueDate"))


def _nature(root: str, notice: Any) -> str:
    """From the form, and from what a change notice changes: a cancelled call, a corrected award."""
    code = first(notice, "cbc:NoticeTypeCode")
    form = str(code.get("@listName") or "") if isinstance(code, dict) else ""
    nature = FORMS.get(form, "other" if form else BY_ROOT[root])
    changes = every(notice, *EXTENSION, "efac:Changes")
    if not changes or nature == "planned":
        return nature
    return "cancellation" if is_cancelled(changes) else "correction"


def _types(notice: Any) -> tuple[str, ...]:
    project = first(notice, "cac:ProcurementProject")
    codes = [raw(leaf) for leaf in every(project, "cbc:ProcurementTypeCode")]
    return tuple(dict.fromkeys(TYPES[code] for code in codes if code in TYPES))


def _countries(notice: Any) -> set[str]:
    """The countries of the buyers that sign the notice."""
    organisations = Organisations(notice)
    cited = every(notice, "cac:ContractingParty", "cac:Party", "cac:PartyIdentification", "cbc:ID")
    return {organisations.country(raw(leaf).strip()) or "" for leaf in cited}
