"""What a feed holds, whatever its format: items with a stable identifier."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from markupsafe import Markup, escape

from annuaire.activities import cpv
from annuaire.api.contracts import contract_values, finding_values
from annuaire.api.schemas.contracts import ContractSchema, FoundClauseSchema
from annuaire.api.schemas.structures import StructureSchema
from annuaire.api.structures import structure_values
from annuaire.clauses.labels import LABELS
from annuaire.contracts import amounts
from annuaire.contracts.models import Contract
from annuaire.contracts.presenting import departement_name, told
from annuaire.structures.models import Structure
from annuaire.wording import PARIS, date_fr, date_heure_fr, euros, pluriel

#: What `_annuaire` says of a contract beside its lots, of its findings, and of a structure.
CONTRACT_FIELDS = (
    "reference", "buyer", "state", "deadline", "closes_on", "procedure", "types", "cpv",
    "departements", "social", "environmental", "clause_types", "hours", "amount_eur",
)  # fmt: skip
FINDING_FIELDS = ("type", "label", "source", "evidence", "lots", "hours", "confidence")
STRUCTURE_FIELDS = (
    "key", "siret", "kinds", "statuses", "activities", "city", "postcode", "departement", "lat",
    "lon", "sources",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tag:
    """A word to sort items by: `term` for programs, `label` for people, `scheme` its list."""

    term: str
    label: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing: `id` never changes, `html` is what readers show, `own` what programs read."""

    id: str
    url: str
    title: str
    html: str
    published: datetime
    modified: datetime
    tags: tuple[Tag, ...]
    own: Mapping[str, Any]
    author: str | None = None
    official_url: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A search that is followed: its own address, that of its page, and its newest items."""

    title: str
    description: str
    url: str
    page_url: str
    day: date
    items: tuple[Item, ...]
    hub: str | None = None  # that tells readers of news (WebSub)

    @property
    def modified(self) -> datetime:
        """When the newest item changed; the beginning of the day when there is none."""
        morning = datetime.combine(self.day, time(), PARIS)
        return max((item.modified for item in self.items), default=morning)


def contract_item(contract: Contract, today: date, public_url: str) -> Item:
    """A contract, with its lots and its clauses."""
    values = contract_values(contract, today, public_url)
    own = ContractSchema(only=CONTRACT_FIELDS).dump(values)
    return Item(
        id=values["url"],
        url=values["url"],
        title=contract.title,
        html=_paragraphs(_contract_lines(contract, values)),
        published=datetime.combine(contract.published_on, time(), PARIS),
        modified=contract.updated_at,
        tags=tuple(_contract_tags(contract, values, public_url)),
        own=own | {"lots": _lots(contract), "findings": _findings(contract)},
        author=contract.buyer.name,
        official_url=values["official_url"],
    )


def structure_item(
    structure: Structure, today: date, titles: Mapping[str, str], public_url: str
) -> Item:
    """A structure, new in the register."""
    values = structure_values(structure, today, titles, public_url)
    held = [status["label"] for status in values["statuses"] if status["held"]]
    does = [activity["label"] for activity in values["activities"]]
    where = " ".join(filter(None, (structure.postcode, structure.city)))
    lines = [", ".join(dict.fromkeys(held)), where]
    if does:
        lines.append(f"Activités, en partie déduites : {', '.join(does)}.")
    return Item(
        id=values["url"],
        url=values["url"],
        title=structure.shown_name,
        html=_paragraphs(filter(None, lines)),
        published=structure.created_at,
        modified=structure.updated_at,
        tags=tuple(
            Tag(activity["code"], activity["label"], f"{public_url}/activites")
            for activity in values["activities"]
        ),
        own=StructureSchema(only=STRUCTURE_FIELDS).dump(values),
    )


def _contract_lines(contract: Contract, values: Mapping[str, Any]) -> Iterable[str]:
    places = ", ".join(departement_name(code) for code in contract.departements[:5])
    yield f"Acheteur : {contract.buyer.name}{f' ({places})' if places else ''}."
    if contract.deadline and values["closes_on"]:
        yield f"Répondre avant le {date_heure_fr(contract.deadline)}."
    elif values["closes_on"]:
        yield f"Répondre au plus tard le {date_fr(values['closes_on'])}."
    facts = [pluriel(len(contract.standing_lots), "lot")]
    if values["amount_eur"]:
        facts.append(f"{euros(values['amount_eur'])} HT")
    if values["hours"]:
        facts.append(f"{values['hours']:g} heures d’insertion")
    yield f"{' ; '.join(facts)}."
    for finding in contract.standing_findings:
        lots = f", lots {', '.join(finding.lots)}" if finding.lots else ""
        yield f"{LABELS[finding.type].name}{lots} : « {told(finding)} »"


def _contract_tags(contract: Contract, values: Mapping[str, Any], public_url: str) -> Iterable[Tag]:
    for type_ in values["clause_types"]:
        yield Tag(type_, LABELS[type_].name, f"{public_url}/aide#clauses")
    for code in dict.fromkeys(
        filter(None, (contract.cpv, *(lot.cpv for lot in contract.standing_lots)))
    ):
        yield Tag(
            code,
            cpv.label(code) or code,
            "http://publications.europa.eu/resource/authority/cpv/cpv",
        )


def _lots(contract: Contract) -> list[dict[str, Any]]:
    return [
        {
            "number": lot.number,
            "title": lot.title,
            "cpv": lot.cpv,
            "departement": lot.departement,
            "amount_eur": lot.amount_eur,
            "amount_kind": lot.amount_kind,
            "unlikely_amount": amounts.unlikely(lot.amount_eur),
            "reserved": lot.reserved,
            "activities": [code for code, *_ in lot.activities],
        }
        for lot in contract.standing_lots
    ]


def _findings(contract: Contract) -> list[dict[str, Any]]:
    found = [finding_values(finding) for finding in contract.standing_findings]
    told: list[dict[str, Any]] = FoundClauseSchema(only=FINDING_FIELDS).dump(found, many=True)
    return told


def _paragraphs(lines: Iterable[str]) -> str:
    return str(Markup("\n").join(Markup("<p>{}</p>").format(escape(line)) for line in lines))
