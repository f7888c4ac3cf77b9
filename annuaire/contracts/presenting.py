"""Contracts as pages show them: plain values in French."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import quote

from markupsafe import escape

from annuaire.clauses.codes import field_key
from annuaire.clauses.findings import ENVIRONMENT
from annuaire.clauses.labels import LABELS, SOURCES, article_words, confidence_label
from annuaire.contracts.awarded import AWARDED_LABELS
from annuaire.contracts.models import Finding
from annuaire.contracts.states import state_label
from annuaire.geo.gazetteer import gazetteer
from search.engine import Hit, Suggestion

OF_DILA = "indicateur de la Direction de l'information légale et administrative, DILA"
FIELD_LABELS = AWARDED_LABELS | {
    "title": "objet",
    "description": "description",
    "execution": "conditions d'exécution",
    "criteria": "critères d'attribution",
    "complement": "renseignements complémentaires",
    "lot_title": "intitulé du lot",
    "lot_description": "description du lot",
    "characteristics": "caractéristiques",
    "participation": "conditions de participation",
    "strategic": "achat stratégique",
    "correction": "modifications",
    "criteres": f"critères ({OF_DILA})",
    "CRITERES_SOCIAUX_ENV": f"critères ({OF_DILA})",
    "MARCHE_RESERVE": "marché réservé",
    "MARCHE_RESERVE_OUI": "marché réservé",
    "ATELIERS_PROTEGES": "ateliers protégés",
    "EMPLOIS_PROTEGES": "emplois protégés",
    "BT-71": "participation réservée (BT-71)",
    "BT-736": "exécution réservée (BT-736)",
    "BT-06": "achat stratégique (BT-06)",
    "BT-774": "objectif environnemental (BT-774)",
    "BT-775": "objectif social (BT-775)",
    "criteres_sociaux": f"critères sociaux ({OF_DILA})",
    "criteres_environnementaux": f"critères environnementaux ({OF_DILA})",
}
#: Fields that platforms and programs may name by their list (eForms SDK).
LISTS = {
    "reserved-procurement": "BT-71",
    "reserved-execution": "BT-736",
    "strategic-procurement": "BT-06",
    "environmental-impact": "BT-774",
    "social-objective": "BT-775",
}
#: Codes that only answer the question of their field.
ANSWERS = {"yes": "oui", "other": "autre"}
#: What the codes of eForms and of the BOAMP say, in words (eForms SDK code lists).
CODE_MEANINGS = ANSWERS | {
    "res-ws": "réservé aux structures qui emploient des personnes handicapées ou défavorisées",
    "res-pub-ser": "réservé à des organisations de service public, pour certains services",
    "soc-obj": "achat avec un objectif social",
    "opp": "emploi de chômeurs de longue durée, de personnes défavorisées ou handicapées",
    "acc-all": "accessibilité pour tous",
    "et-eq": "égalité entre les origines",
    "gen-eq": "égalité entre les femmes et les hommes",
    "hum-right": "droits humains dans la chaîne d'approvisionnement",
    "work-cond": "conditions de travail justes",
    "env-imp": "réduction des effets sur l'environnement",
    "biodiv-eco": "protection et restauration de la biodiversité et des écosystèmes",
    "circ-econ": "transition vers une économie circulaire",
    "clim-adapt": "adaptation au changement climatique",
    "clim-mitig": "atténuation du changement climatique",
    "pollu-prev": "prévention et réduction de la pollution",
    "water-mar": "protection des ressources aquatiques et marines",
}

#: What is proposed to someone who types.
SUGGESTION_KINDS = {"activity": "activité", "buyer": "acheteur", "name": "marché"}


@dataclass(frozen=True, slots=True)
class Flag:
    """A clause in two words; `kind` gives its colour."""

    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """One clause found, with its proof; `rank` is its place among the contract's, from 1, `anchor`
    names its place in the text of the notice, `answers` the field to which a coded proof answers
    (« critères sociaux » : oui), empty where the proof speaks for itself."""

    rank: int
    type_label: str
    kind: str
    explanation: str
    source_label: str
    evidence: str
    meaning: str
    field_label: str
    answers: str
    lots: list[str]
    hours: float | None
    share: float | None
    weight: float | None
    article: str | None
    confidence_label: str
    optional: bool
    anchor: str


def flags_of(types: Iterable[str]) -> list[Flag]:
    """The clauses of a contract or lot, reservations first, without repetition; « réservé, sans
    précision » is left out where another says to whom."""
    types = set(types)
    if any(t.startswith("reserved_") and t != "reserved_unspecified" for t in types):
        types.discard("reserved_unspecified")
    return list(dict.fromkeys(Flag(LABELS[t].name, flag_kind(t)) for t in sorted(types, key=_rank)))


def _rank(type_: str) -> tuple[bool, bool, str]:
    """Reservations first, the environment last."""
    return type_ == ENVIRONMENT, not type_.startswith("reserved_"), type_


def flag_kind(type_: str) -> str:
    if type_ == ENVIRONMENT:
        return "environment"
    return "reserved" if type_.startswith("reserved_") else "social"


def card(hit: Hit, today: date) -> dict[str, Any]:
    """A contract in a list."""
    stored: Any = hit.document
    closes = date.fromisoformat(stored["closes"]) if stored.get("closes") else None
    return {
        "url": f"/marches/{stored['reference']}",
        "title_html": hit.highlights.get("title") or str(escape(stored["title"])),
        "buyer": stored["buyer"],
        "buyer_url": buyer_url(stored["buyer_key"]),
        "city": stored.get("city"),
        "departements": [departement_name(code) for code in stored["departements"][:4]],
        "published": stored["published"],
        "deadline": stored.get("deadline") or stored.get("closes"),
        "state": state_label(stored["state"], closes, today),
        "flags": flags_of(stored["clause_types"]),
        "evidence": str(escape(stored["evidence"])) if stored.get("evidence") else None,
        "lots_count": stored["lots_count"],
        "amount": stored.get("amount"),
        "hours": stored.get("hours"),
        "distance_km": hit.distance_km,
    }


def suggestion(found: Suggestion) -> dict[str, str]:
    """What is proposed to someone who types, and what it is."""
    return {"text": found.text, "kind": SUGGESTION_KINDS[found.kind]}


def buyer_url(key: str) -> str:
    """The address of a buyer's page."""
    return f"/acheteurs/{quote(key, safe='')}"


def departement_name(code: str) -> str:
    found = gazetteer().departement(code)
    return found.name if found else code


def finding_view(finding: Finding, rank: int) -> FindingView:
    """One clause found, with its proof; `rank` is its place among the contract's, from 1."""
    return FindingView(
        rank=rank,
        type_label=LABELS[finding.type].name,
        kind=flag_kind(finding.type),
        explanation=LABELS[finding.type].explanation,
        source_label=SOURCES[finding.source],
        evidence=finding.evidence,
        meaning=CODE_MEANINGS.get(finding.evidence, "") if finding.source == "code" else "",
        field_label=field_label(finding.field),
        answers=field_asked(finding),
        lots=finding.lots,
        hours=finding.hours,
        share=finding.share,
        weight=finding.weight,
        article=article_words(finding.article, finding.article_cited),
        confidence_label=confidence_label(finding.confidence),
        optional=finding.optional,
        anchor=anchor(rank) if finding.start is not None else "",
    )


def field_label(name: str) -> str:
    """A field of a notice in words, however a source writes its name (« bt_71 », « BT-71-Lot »)."""
    return FIELD_LABELS.get(name) or _labels().get(field_key(name), name)


@cache
def _labels() -> dict[str, str]:
    named = FIELD_LABELS | {name: FIELD_LABELS[term] for name, term in LISTS.items()}
    return {field_key(name): label for name, label in named.items()}


def field_asked(finding: Finding) -> str:
    """The field that a code such as « oui » answers; empty for a sentence, or a code with words of
    its own."""
    speaks = finding.evidence in CODE_MEANINGS and finding.evidence not in ANSWERS
    if finding.source != "code" or speaks:
        return ""
    return field_label(finding.field).partition(" (")[0]


def told(finding: Finding) -> str:
    """What proves a clause, on one line: a sentence, what a code says, or what a field answers."""
    said = finding.evidence.strip()
    if finding.source == "code":
        said = CODE_MEANINGS.get(finding.evidence, said)
    return f"{asked} : {said}" if (asked := field_asked(finding)) else said


def anchor(rank: int) -> str:
    """The name, within a page, of the place of a clause in the text of its notice."""
    return f"passage-{rank}"
