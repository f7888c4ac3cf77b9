"""Organisations and results of an eForms notice, joined by their identifiers."""

from datetime import date
from typing import Any

from annuaire.contracts.records import AwardRecord, BuyerRecord
from importers.sources.boamp.eforms_keys import EXTENSION
from importers.sources.boamp.tree import amount, day, every, first, raw, siret, text

#: Of the list `non-award-justification` of the eForms SDK: all rejected, none received, too few.
NO_GOOD_TENDER = frozenset({"all-rej", "no-rece", "one-admi"})


class Organisations:
    """The organisations of a notice by their `ORG-…` identifier."""

    def __init__(self, notice: Any) -> None:
        companies = every(
            notice, *EXTENSION, "efac:Organizations", "efac:Organization", "efac:Company"
        )
        self._companies = {key: c for c in companies if (key := _id(c, "cac:PartyIdentification"))}

    def name(self, key: str) -> str | None:
        """The official name of an organisation."""
        return text(self._companies.get(key), "cac:PartyName", "cbc:Name", limit=300)

    def country(self, key: str) -> str | None:
        """The country of an organisation, three letters."""
        country = ("cac:PostalAddress", "cac:Country", "cbc:IdentificationCode")
        return text(self._companies.get(key), *country, limit=3)

    def siret(self, key: str) -> str | None:
        """The SIRET of an organisation, where it gives one as its national number."""
        return siret(self._companies.get(key), "cac:PartyLegalEntity", "cbc:CompanyID")

    def buyer(self, key: str) -> BuyerRecord | None:
        """An organisation as a buyer, None when it is not described."""
        company = self._companies.get(key)
        name = self.name(key)
        if not name:
            return None
        address = first(company, "cac:PostalAddress")
        return BuyerRecord(
            name=name,
            siret=self.siret(key),
            postcode=text(address, "cbc:PostalZone", limit=10),
            city=text(address, "cbc:CityName", limit=100),
        )


def lot_number(identifier: str) -> str:
    """`LOT-0003` → `3`, `LOT-0000` (no division into lots) → `1`; anything else as it is."""
    tail = identifier.strip().rpartition("-")[2]
    return tail.lstrip("0") or "1" if tail.isdigit() else identifier.strip()[:20] or "1"


def read_awards(notice: Any, organisations: Organisations) -> tuple[AwardRecord, ...]:
    """Who won each lot: result → tender → tendering party → organisation.

    Only tenders that a result names as won count; lots closed without a winner give nothing.
    """
    result = first(notice, *EXTENSION, "efac:NoticeResult")
    tenders = {key: t for t in every(result, "efac:LotTender") if (key := _id(t))}
    parties = {key: p for p in every(result, "efac:TenderingParty") if (key := _id(p))}
    dates = {
        key: day(first(c, "cbc:IssueDate")) or day(first(c, "cbc:AwardDate"))
        for c in every(result, "efac:SettledContract")
        if (key := _id(c))
    }
    awards: list[AwardRecord] = []
    for lot in every(result, "efac:LotResult"):
        if raw(first(lot, "cbc:TenderResultCode")) not in ("", "selec-w"):
            continue
        number = lot_number(_id(lot, "efac:TenderLot") or "")
        awarded_on = _date(lot, dates)
        for reference in every(lot, "efac:LotTender"):
            tender = tenders.get(_id(reference) or "")
            party = parties.get(_id(tender, "efac:TenderingParty") or "")
            for tenderer in every(party, "efac:Tenderer"):
                who = _id(tenderer) or ""
                if name := organisations.name(who):
                    value = amount(tender, "cac:LegalMonetaryTotal", "cbc:PayableAmount")
                    siret_ = organisations.siret(who)
                    awards.append(AwardRecord(name, value, awarded_on, number, winner_siret=siret_))
    return tuple(awards)


def read_outcomes(notice: Any) -> dict[str, str]:
    """Why lots found no holder, by number (BT-142, BT-144): « infructueux » where no good tender
    came, « sans suite » where the buyer gave up."""
    found: dict[str, str] = {}
    for lot in every(notice, *EXTENSION, "efac:NoticeResult", "efac:LotResult"):
        if raw(first(lot, "cbc:TenderResultCode")) == "clos-nw":
            why = raw(first(lot, "efac:DecisionReason", "efbc:DecisionReasonCode"))
            end = "unsuccessful" if why in NO_GOOD_TENDER or not why else "abandoned"
            found[lot_number(_id(lot, "efac:TenderLot") or "")] = end
    return found


def _id(node: Any, *path: str) -> str | None:
    return raw(first(node, *path, "cbc:ID")).strip() or None


def _date(lot: Any, dates: dict[str, date | None]) -> date | None:
    contracts = (_id(c) or "" for c in every(lot, "efac:SettledContract"))
    return next((d for key in contracts if (d := dates.get(key))), None)
