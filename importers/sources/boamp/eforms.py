"""Notices under the `EFORMS` root: UBL as JSON, business terms of the eForms SDK 1.16."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from annuaire.contracts.records import AwardRecord, BuyerRecord, CodeField, LotRecord
from importers.sources.boamp.corrections import change_texts, changed_lots
from importers.sources.boamp.detail import Detail, criteria_text, texts_of
from importers.sources.boamp.eforms_keys import EXTENSION, cited_keys, own_keys
from importers.sources.boamp.eforms_results import (
    Organisations,
    lot_number,
    read_awards,
    read_outcomes,
)
from importers.sources.boamp.tree import amount, cpv, every, first, lines, moment, raw, text

NUTS_3: Final = 5  # characters

_REQUIREMENT = ("cac:TenderingTerms", "cac:ContractExecutionRequirement")
_CODES = (  # business term, path, listName
    (
        "BT-71",
        (
            "cac:TenderingTerms",
            "cac:TendererQualificationRequest",
            "cac:SpecificTendererRequirement",
            "cbc:TendererRequirementTypeCode",
        ),
        "reserved-procurement",
    ),
    ("BT-736", (*_REQUIREMENT, "cbc:ExecutionRequirementCode"), "reserved-execution"),
    *(
        (
            term,
            ("cac:ProcurementProject", "cac:ProcurementAdditionalType", "cbc:ProcurementTypeCode"),
            name,
        )
        for term, name in (
            ("BT-06", "strategic-procurement"),
            ("BT-775", "social-objective"),
            ("BT-774", "environmental-impact"),
        )
    ),
)


def read_eforms(root: dict[str, Any]) -> Detail:
    """An eForms notice of any kind: the one object under the root."""
    kind, notice = next(((k, n) for k, n in root.items() if isinstance(n, dict)), ("", None))
    project = first(notice, "cac:ProcurementProject")
    organisations = Organisations(notice)
    nodes = [lot for lot in every(notice, "cac:ProcurementProjectLot") if _is_lot(lot)]
    ends = read_outcomes(notice)
    lots = tuple(_lot(node, project, ends) for node in nodes)
    deadlines = [lot.deadline for lot in lots if lot.deadline]
    main = cpv(project, "cac:MainCommodityClassification", "cbc:ItemClassificationCode")
    return Detail(
        title=text(project, "cbc:Name"),
        description=lines(project, "cbc:Description"),
        buyer=_buyer(notice, organisations),
        reference=_internal(project),
        folder=text(notice, "cbc:ContractFolderID", limit=100),
        own_keys=own_keys(notice),
        linked_keys=cited_keys(notice),
        deadline=min(deadlines, default=None),
        cpv=main or next((lot.cpv for lot in lots if lot.cpv), None),
        lots=lots,
        awards=_titled(read_awards(notice, organisations), lots),
        texts=(*texts_of(complement=lines(project, "cbc:Note")), *change_texts(notice)),
        removed_lots=changed_lots(notice),
        complete=kind == "ContractNotice" and first(notice, *EXTENSION, "efac:Changes") is not None,
    )


def _is_lot(node: Any) -> bool:
    """Groups of lots are left out; parts of a planning notice stand for its lots."""
    identifier = first(node, "cbc:ID")
    scheme = identifier.get("@schemeName") if isinstance(identifier, dict) else None
    return (
        isinstance(node, dict) and scheme != "LotsGroup" and not raw(identifier).startswith("GLO")
    )


def _internal(project: Any) -> str | None:
    """BT-22, the buyer's own reference of the procedure."""
    return text(project, "cbc:ID", limit=100)


def _lot(node: dict[str, Any], whole: Any, ends: dict[str, str]) -> LotRecord:
    """One lot: BT-137 number, 21 title, 24 description, 262 and 263 CPV, 27 and 271 value, 131
    deadline, 5071 and 728 place (else those of the whole procedure), 70 terms."""
    number = lot_number(raw(first(node, "cbc:ID")))
    project = first(node, "cac:ProcurementProject")
    criteria = [
        (text(c, "cbc:Name") or text(c, "cbc:Description"), _weight(c))
        for c in every(
            node,
            "cac:TenderingTerms",
            "cac:AwardingTerms",
            "cac:AwardingCriterion",
            "cac:SubordinateAwardingCriterion",
        )
    ]
    terms = [t for c in every(node, *_REQUIREMENT) if (t := lines(c, "cbc:Description"))]
    total = first(project, "cac:RequestedTenderTotal")
    estimate = amount(total, "cbc:EstimatedOverallContractAmount")
    places = every(project, "cac:RealizedLocation") or every(whole, "cac:RealizedLocation")
    main = cpv(project, "cac:MainCommodityClassification", "cbc:ItemClassificationCode")
    return LotRecord(
        number=number,
        title=text(project, "cbc:Name", limit=300) or f"Lot {number}",
        description=lines(project, "cbc:Description"),
        cpv=main,
        cpvs=_more_cpvs(project, main),
        city=text(places, "cac:Address", "cbc:CityName", limit=100),
        nuts=_nuts(places),
        place=_place(places),
        deadline=_deadline(node),
        amount_eur=estimate,
        amount_kind="estimated" if estimate else None,
        maximum_eur=amount(total, *EXTENSION, "efbc:FrameworkMaximumAmount"),
        outcome=ends.get(number),
        texts=texts_of(
            number,
            execution="\n".join(terms),
            criteria=criteria_text(criteria),
            strategic=lines(project, "cac:ProcurementAdditionalType", "cbc:ProcurementType"),
            complement=lines(project, "cbc:Note"),
        ),
        codes=_codes(node, number),
    )


def _codes(node: dict[str, Any], number: str) -> tuple[CodeField, ...]:
    """The codes of clauses, told apart by their list, BT-71 also by its own values."""
    return tuple(
        CodeField(term, value, number)
        for term, path, name in _CODES
        for leaf in every(node, *path)
        if (value := raw(leaf).strip()) and _list_name(leaf, value) == name
    )


def _more_cpvs(project: Any, main: str | None) -> tuple[str, ...]:
    codes = (
        cpv(leaf)
        for leaf in every(
            project, "cac:AdditionalCommodityClassification", "cbc:ItemClassificationCode"
        )
    )
    return tuple(dict.fromkeys(code for code in codes if code and code != main))


def _nuts(places: list[Any]) -> str | None:
    """The first NUTS 3 code: five characters."""
    codes = (
        raw(leaf).strip().upper()
        for leaf in every(places, "cac:Address", "cbc:CountrySubentityCode")
    )
    return next((c for c in codes if len(c) == NUTS_3 and c.isascii() and c.isalnum()), None)


def _place(places: list[Any]) -> str | None:
    said = dict.fromkeys(t for node in places if (t := text(node, "cbc:Description", limit=300)))
    return " ; ".join(said)[:1000] or None


def _list_name(leaf: Any, value: str) -> str:
    named = leaf.get("@listName") if isinstance(leaf, dict) else None
    if named:
        return str(named)
    return {"res-ws": "reserved-procurement", "res-pub-ser": "reserved-procurement"}.get(value, "")


def _weight(criterion: Any) -> str | None:
    return text(
        criterion,
        *EXTENSION,
        "efac:AwardCriterionParameter",
        "efbc:ParameterNumeric",
    )


def _deadline(node: dict[str, Any]) -> datetime | None:
    """BT-131, the end of the submission of tenders; else BT-1311, of requests to participate."""
    process = first(node, "cac:TenderingProcess")
    for name in ("cac:TenderSubmissionDeadlinePeriod", "cac:ParticipationRequestReceptionPeriod"):
        period = first(process, name)
        if day := raw(first(period, "cbc:EndDate")):
            return moment(day, first(period, "cbc:EndTime"))
    return None


def _buyer(notice: Any, organisations: Organisations) -> BuyerRecord | None:
    """The party cited as contracting; `ORG-0000` is the platform, never the buyer."""
    cited = every(notice, "cac:ContractingParty", "cac:Party", "cac:PartyIdentification", "cbc:ID")
    keys = [raw(leaf).strip() for leaf in cited]
    buyers = (organisations.buyer(key) for key in keys if key != "ORG-0000")
    return next((buyer for buyer in buyers if buyer), None)


def _titled(
    awards: tuple[AwardRecord, ...], lots: tuple[LotRecord, ...]
) -> tuple[AwardRecord, ...]:
    titles = {lot.number: lot.title for lot in lots}
    return tuple(replace(a, lot_title=titles.get(a.lot_number or "")) for a in awards)
