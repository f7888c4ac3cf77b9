"""One contract or concession of the essential data as a notice, whatever the form it came in."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from annuaire.activities import cpv
from annuaire.clauses.lot_titles import lots_in_title
from annuaire.contracts.records import NO_OBJECT, LotRecord, NoticeRecord
from importers.files.fields import Warnings, shown
from importers.files.text import plain
from importers.rows import InvalidRow, Warned
from importers.sources.decp.changes import State, later_awards, read_changes
from importers.sources.decp.facts import codes_of, facts_of
from importers.sources.decp.parties import awards_of, read_buyer, read_winners
from importers.sources.decp.place import Place, read_place
from importers.sources.decp.values import (
    KEY_LIMIT,
    amount,
    contract_number,
    day,
    months,
    needed_day,
    text,
)

TITLE_LIMIT = 1_000
CONCESSION = "contrat-concession"
_CPV = re.compile(r"\d{8}", re.ASCII)


def contract_key(buyer_siret: str, written: Any) -> str:
    """The key of a contract: its buyer's SIRET, then its number there. Raises InvalidRow without a
    number."""
    number_ = contract_number(written)
    if not number_:
        raise InvalidRow("id", "vide", "L'identifiant du marché manque.")
    return f"{buyer_siret}{number_}"


def transform(record: Any, kind: str, today: date, warnings: Warnings) -> NoticeRecord:
    """A record as a notice; `kind` is "marche" or "contrat-concession".

    Raises InvalidRow without a buyer, a number, or a date that can be.
    """
    if not isinstance(record, dict):
        raise InvalidRow("", "forme", "Cet élément de la liste n'est pas un marché.")
    granted = kind == CONCESSION or "concession" in text(record.get("nature")).casefold()
    buyer_field = "autoriteConcedante" if record.get("autoriteConcedante") else "acheteur"
    date_field = "dateSignature" if text(record.get("dateSignature")) else "dateNotification"
    buyer = read_buyer(record, buyer_field, warnings)
    key = contract_key(buyer.siret or "", record.get("id"))
    notified = needed_day(record.get(date_field), date_field, today)
    value_field = "valeurGlobale" if granted and record.get("valeurGlobale") else "montant"
    award_eur = amount(record.get(value_field), value_field, warnings)
    lasts = months(record.get("dureeMois"), "dureeMois", warnings)
    winners_field = "concessionnaires" if record.get("concessionnaires") else "titulaires"
    winners = read_winners(record.get(winners_field), winners_field, warnings)
    award = State(award_eur, lasts, winners)
    changes = read_changes(record.get("modifications"), award, today, warnings)
    place = read_place(record.get("lieuExecution"), warnings)
    if not place.departements and buyer.departement:
        place = Place((buyer.departement,))
    title = _title(record, warnings)
    code = _cpv(record, warnings)
    number_ = _lot_number(title)
    awards = awards_of(winners, award_eur, notified, number_)
    present = next((c.amount_eur for c, *_ in reversed(changes) if c.amount_eur), award_eur)
    return NoticeRecord(
        source="decp",
        source_key=key,
        title=title,
        nature="modification" if changes else "award",
        buyer=buyer,
        published_on=_published(record, notified, today),
        procedure=text(record.get("procedure"), 120) or None,
        types=_types(code),
        cpv=code,
        departements=place.departements,
        reference=text(record.get("id"), KEY_LIMIT),
        lots=(_lot(number_, title, code, place, present),),
        awards=(*awards, *later_awards(changes, awards, number_)),
        texts=facts_of(
            record, granted, notified, award if changes else replace(award, amount=None)
        ),
        codes=codes_of(record),
        changes=tuple(change for change, *_ in changes),
    )


def _title(record: dict[str, Any], warnings: Warnings) -> str:
    """The object; for want of one, what the CPV code says."""
    written = record.get("objet")
    title = plain(written[: 2 * TITLE_LIMIT]) if isinstance(written, str) else ""
    if len(title) > TITLE_LIMIT:
        message = f"L'objet {shown(title)} dépasse {TITLE_LIMIT} caractères, il est coupé."
        warnings.append(Warned("objet", "trop_long", message))
        title = title[:TITLE_LIMIT].rstrip()
    if title:
        return title
    if "objet" in record:
        warnings.append(Warned("objet", "vide", "L'objet du marché manque."))
    label = cpv.label(_digits(record))
    return f"{label} ({NO_OBJECT})" if label else NO_OBJECT.capitalize()


def _digits(record: dict[str, Any]) -> str:
    found = _CPV.match(text(record.get("codeCPV")))
    return found[0] if found else ""


def _cpv(record: dict[str, Any], warnings: Warnings) -> str | None:
    code = _digits(record)
    written = text(record.get("codeCPV"))
    if written and not cpv.is_known(code):
        message = f"Le code CPV {shown(written)} est inconnu, il est ignoré."
        warnings.append(Warned("codeCPV", "cpv", message))
        return None
    return code or None


def _types(code: str | None) -> tuple[str, ...]:
    """Works, supplies or services, by the division of the CPV (regulation 213/2008)."""
    if not code:
        return ()
    division = int(code[:2])
    if division == 45:
        return ("travaux",)
    return ("fournitures",) if division <= 44 or division == 48 else ("services",)


def _published(record: dict[str, Any], notified: date, today: date) -> date:
    """The day on which the award could be known: never before the contract was notified."""
    published = day(record.get("datePublicationDonnees"), today)
    return max(notified, published) if published else notified


def _lot_number(title: str) -> str:
    """The essential data have no lots: a lot is a contract, which its object may number."""
    named = lots_in_title(title)
    return named[0][0] if len(named) == 1 else "1"


def _lot(number_: str, title: str, code: str | None, place: Place, eur: float | None) -> LotRecord:
    return LotRecord(
        number=number_,
        title=title,
        cpv=code,
        departement=place.departements[0] if len(place.departements) == 1 else None,
        city=place.city,
        amount_eur=eur,
        amount_kind="awarded" if eur else None,
    )
