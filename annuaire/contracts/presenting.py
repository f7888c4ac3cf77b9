"""Contracts as pages show them: plain values in French; evidence marked in escaped text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from markupsafe import escape

from annuaire.activities import cpv
from annuaire.activities.taxonomy import taxonomy
from annuaire.clauses.findings import ENVIRONMENT
from annuaire.clauses.labels import LABELS, SOURCES, confidence_label
from annuaire.contracts.awarded import (
    AWARDED_LABELS,
    WinnerUrl,
    award_views,
    changes_of,
    published_amount,
)
from annuaire.contracts.models import Contract, Finding, Lot
from annuaire.contracts.reading import closing_day
from annuaire.geo.gazetteer import gazetteer
from search.engine import Hit

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
    "criteres": f"critères ({OF_DILA})",
    "MARCHE_RESERVE": "marché réservé",
    "BT-71": "participation réservée (BT-71)",
    "BT-736": "exécution réservée (BT-736)",
    "BT-06": "achat stratégique (BT-06)",
    "BT-774": "objectif environnemental (BT-774)",
    "BT-775": "objectif social (BT-775)",
    "BT-776": "objectif d'innovation (BT-776)",
    "criteres_sociaux": f"critères sociaux ({OF_DILA})",
    "criteres_environnementaux": f"critères environnementaux ({OF_DILA})",
}
STATE_LABELS = {
    "published": "publié",
    "planned": "annoncé",
    "awarded": "attribué",
    "cancelled": "arrêté",
    "unknown": "état non précisé",
}
PROCEDURES = {
    "mapa": "marché à procédure adaptée",
    "fns": "marché au-dessus du seuil national de publication",
    "joue": "marché publié aussi au Journal officiel de l'Union européenne",
    "dsp": "concession",
    "divers": "autre",
}
#: What the codes of eForms and of the BOAMP say, in words (eForms SDK code lists).
CODE_MEANINGS = {
    "res-ws": "réservé aux structures qui emploient des personnes handicapées ou défavorisées",
    "res-pub-ser": "réservé à des organisations de service public, pour certains services",
    "yes": "oui",
    "soc-obj": "achat avec un objectif social",
    "opp": "emploi de chômeurs de longue durée, de personnes défavorisées ou handicapées",
    "acc-all": "accessibilité pour tous",
    "et-eq": "égalité entre les origines",
    "gen-eq": "égalité entre les femmes et les hommes",
    "hum-right": "droits humains dans la chaîne d'approvisionnement",
    "work-cond": "conditions de travail justes",
    "env-imp": "réduction des effets sur l'environnement",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """A clause in two words; `kind` gives its colour."""

    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text of the notice, escaped, with the evidence of its clauses between <mark>s."""

    label: str
    html: str


@dataclass(frozen=True, slots=True)
class FindingView:
    type_label: str
    explanation: str
    source_label: str
    evidence: str
    meaning: str
    field_label: str
    lots: list[str]
    hours: float | None
    share: float | None
    article: str | None
    confidence_label: str
    optional: bool


@dataclass(frozen=True, slots=True)
class LotView:
    number: str
    title: str
    url: str
    activities: list[str]
    place: str | None
    amount: float | None
    absurd: bool
    flags: list[Flag]
    awards: list[dict[str, Any]] = field(default_factory=list)


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


def state_label(state: str, closes: date | None, today: date) -> str:
    """« ouvert » while one may answer, « clos » after; else what the notices say."""
    if state == "published" and closes:
        return "ouvert" if closes >= today else "clos"
    return STATE_LABELS.get(state, state)


def card(hit: Hit, today: date) -> dict[str, Any]:
    """A contract in a list."""
    stored: Any = hit.document
    closes = date.fromisoformat(stored["closes"]) if stored.get("closes") else None
    return {
        "url": f"/marches/{stored['reference']}",
        "title_html": hit.highlights.get("title") or str(escape(stored["title"])),
        "buyer": stored["buyer"],
        "city": stored.get("city"),
        "departements": [departement_name(code) for code in stored["departements"][:4]],
        "published": stored["published"],
        "deadline": stored.get("deadline") or stored.get("closes"),
        "state": state_label(stored["state"], closes, today),
        "flags": flags_of(stored["clause_types"]),
        "evidence": str(escape(stored["evidence"])) if stored.get("evidence") else None,
        "lots_count": stored["lots_count"],
        "amount": stored.get("amount"),
    }


def departement_name(code: str) -> str:
    found = gazetteer().departement(code)
    return found.name if found else code


def sheet(contract: Contract, today: date, winner_url: WinnerUrl) -> dict[str, Any]:
    """A contract on its own page; `winner_url(reference, winner)` leads to a listed structure."""
    closes = closing_day(contract.deadline, contract.expires_on)
    newest = contract.notices[-1] if contract.notices else None
    return {
        "title": contract.title,
        "url": f"/marches/{contract.reference}",
        "buyer": contract.buyer.name,
        "place": " ".join(p for p in (contract.buyer.postcode, contract.buyer.city) if p),
        "published": contract.published_on,
        "deadline": contract.deadline or (closes if contract.state == "published" else None),
        "state": state_label(contract.state, closes, today),
        "procedure": PROCEDURES.get((contract.procedure or "").lower(), contract.procedure),
        "types": contract.types,
        "cpv_label": _cpv(contract.cpv),
        "official_url": newest.url if newest else None,
        "texts": marked_texts(contract),
        "findings": [finding_view(finding) for finding in contract.findings],
        "lots": [lot_view(contract, lot, winner_url) for lot in contract.lots],
        "contradictions": contradictions(contract.findings),
        "changes": changes_of(contract),
    }


def _cpv(code: str | None) -> str | None:
    if not code:
        return None
    label = cpv.label(code)
    return f"{label} ({code})" if label else code


def marked_texts(contract: Contract) -> list[MarkedText]:
    """Every text of the notices with the evidence of its findings marked."""
    texts: list[MarkedText] = []
    for notice in contract.notices:
        for index, (name, text, lot) in enumerate(notice.texts):
            spans = [
                (f.start, f.end)
                for f in contract.findings
                if f.notice_id == notice.id and f.text_index == index
                if f.start is not None and f.end is not None
            ]
            label = FIELD_LABELS.get(name, name).capitalize()
            shown = f"{label} (lot {lot})" if lot else label
            texts.append(MarkedText(shown, mark(text, spans)))
    return texts


def mark(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """`text` escaped, with the spans (which may overlap) between <mark> and </mark>."""
    parts: list[str] = []
    at = 0
    for start, end in _joined(spans):
        parts += [str(escape(text[at:start])), "<mark>", str(escape(text[start:end])), "</mark>"]
        at = end
    return "".join([*parts, str(escape(text[at:]))])


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def finding_view(finding: Finding) -> FindingView:
    """One clause found, with its proof."""
    return FindingView(
        type_label=LABELS[finding.type].name,
        explanation=LABELS[finding.type].explanation,
        source_label=SOURCES[finding.source],
        evidence=finding.evidence,
        meaning=CODE_MEANINGS.get(finding.evidence, "") if finding.source == "code" else "",
        field_label=FIELD_LABELS.get(finding.field, finding.field),
        lots=finding.lots,
        hours=finding.hours,
        share=finding.share,
        article=f"Article {finding.article}" if finding.article else None,
        confidence_label=confidence_label(finding.confidence),
        optional=finding.optional,
    )


def lot_findings(contract: Contract, number: str) -> list[Finding]:
    """The clauses that concern a lot: those that name it, and those that name none."""
    plain = number.lstrip("0") or number
    return [f for f in contract.findings if not f.lots or number in f.lots or plain in f.lots]


def lot_view(contract: Contract, lot: Lot, winner_url: WinnerUrl) -> LotView:
    """One lot, in the contract's table or on its own page."""
    known = taxonomy()
    where = [departement_name(lot.departement)] if lot.departement else []
    reference = f"{contract.reference}#{lot.number}"
    return LotView(
        number=lot.number,
        title=lot.title,
        url=f"/marches/{contract.reference}/lots/{quote(lot.number, safe='')}",
        activities=[known.label(code) for code, *_ in lot.activities],
        place=", ".join([*([lot.city] if lot.city else []), *where]) or None,
        amount=lot.amount_eur or published_amount(lot),
        absurd=lot.absurd and lot.amount_eur is None,
        flags=flags_of(f.type for f in lot_findings(contract, lot.number)),
        awards=award_views(lot, reference, winner_url),
    )


def contradictions(findings: Sequence[Finding]) -> list[str]:
    """Where a code and a text disagree: shown, not settled."""
    by_code = {f.type for f in findings if f.source == "code"}
    by_text = {f.type for f in findings if f.source == "text"}
    found: list[str] = []
    reserved = {"reserved_siae", "reserved_handicap"}
    if len(reserved & (by_code | by_text)) == 2 and by_code & reserved and by_text & reserved:
        found.append(
            "Le code de l'avis et son texte ne réservent pas le marché aux mêmes structures."
        )
    return found
