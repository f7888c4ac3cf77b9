"""Who buys and who wins, by the numbers that they are published under."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from stdnum.exceptions import ValidationError
from stdnum.fr import siret as siret_number

from annuaire.contracts.records import UNKNOWN_NAME, AwardRecord, BuyerRecord
from annuaire.geo.gazetteer import normalise_departement
from importers.files.fields import Warnings, read_siret, shown
from importers.rows import InvalidRow, Warned
from importers.sources.decp.values import flat, text, within

NAME_LIMIT = 300
_DIGITS = re.compile(r"\d{14}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Winner:
    """A company as published: its name where there is one, its SIRET where it is one."""

    name: str
    siret: str | None


def read_buyer(record: dict[str, Any], field: str, warnings: Warnings) -> BuyerRecord:
    """The buyer, or the authority that grants a concession. Raises InvalidRow without a SIRET:
    nothing else says who it is."""
    told = next((value for value in flat(record.get(field)) if isinstance(value, dict)), {})
    flat_id = record.get(f"{field}.id", record.get(f"{field}_id"))  # some forms of 2019
    number = text(told.get("id")) or text(flat_id)
    if not number:
        raise InvalidRow(f"{field}.id", "vide", "Le SIRET de l'acheteur manque.")
    siret, odd = _buyer_siret(number, f"{field}.id")
    warnings += odd
    name = text(told.get("nom"), NAME_LIMIT) or text(record.get(f"{field}.nom"), NAME_LIMIT)
    return BuyerRecord(
        name=name,
        siret=siret,
        city=text(told.get("commune"), 100) or None,
        departement=normalise_departement(text(told.get("departement"))),
    )


@lru_cache(maxsize=50_000)
def _buyer_siret(number: str, field: str) -> tuple[str, tuple[Warned, ...]]:
    """A buyer's SIRET with what is odd in it, remembered: a buyer has many contracts."""
    odd: Warnings = []
    return read_siret(number, field, odd), tuple(odd)


def read_winners(node: Any, field: str, warnings: Warnings) -> list[Winner]:
    """The companies of a list of « titulaires » or « concessionnaires », each once."""
    found: dict[tuple[str, str | None], Winner] = {}
    for party in within(node, "titulaire", "concessionnaire"):
        if isinstance(party, dict) and (winner := _winner(party, field, warnings)):
            key = ("", winner.siret) if winner.siret else (winner.name, None)
            found.setdefault(key, winner)
    return list(found.values())


def _winner(party: dict[str, Any], field: str, warnings: Warnings) -> Winner | None:
    number = re.sub(r"\s", "", text(party.get("id"), 60))
    kind = text(party.get("typeIdentifiant"), 20)
    name = text(party.get("denominationSociale"), NAME_LIMIT)
    if not (number or name):
        return None
    siret = _siret(number, kind)
    if kind == "SIRET" and number and not siret:
        message = f"Le SIRET {shown(number)} du titulaire est faux, il est gardé tel quel."
        warnings.append(Warned(field, "siret", message))
    shown_number = siret_number.format(siret) if siret else f"{kind} {number}".strip()
    return Winner(name or f"Titulaire {shown_number} {UNKNOWN_NAME}", siret)


def _siret(number: str, kind: str) -> str | None:
    """A number as a SIRET: said to be one, or, when nothing is said, right by its checksum."""
    if not _DIGITS.fullmatch(number) or not number.strip("0"):
        return None
    if kind == "SIRET":
        return number
    try:
        return None if kind else siret_number.validate(number)
    except ValidationError:
        return None


def awards_of(
    winners: list[Winner], amount: float | None, on: date | None, lot: str
) -> list[AwardRecord]:
    """The winners as awards. Of several, nobody says what each has: the amount is left out."""
    alone = amount if len(winners) == 1 else None
    return [AwardRecord(w.name, alone, on, lot, winner_siret=w.siret) for w in winners]
