"""What is matched: a need made from a lot, or from the few words of a small purchase."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from annuaire.activities.classify import Guess, classify
from annuaire.contracts.models import Contract, Lot
from annuaire.geo.free_address import Finder, find_place
from annuaire.geo.names import name_key
from annuaire.law.routes import NATURES, Nature
from annuaire.matching import assuming
from annuaire.matching.buyers import buyer_identity
from annuaire.matching.details import details, essence, foreign, naming
from annuaire.matching.lexicon import words
from annuaire.matching.spots import (
    Spot,
    buyer_spot,
    named_departements,
    named_spots,
    territory_centre,
)
from annuaire.matching.trades import Trade, trades
from annuaire.words import fold

MAX_TEXT = 5_000  # characters of a need that are read
RESERVED_PREFIX: Final = "reserved_"
INSERTION_TYPES: Final = frozenset({"execution_insertion", "insertion_object"})
BEST_GUESSES: Final = 4

_LENT = re.compile(
    r"mises? a (?:la )?disposition (?:ponctuelle )?(?:de |d')?(?:personnel|agent|main|salari|"
    r"travailleur|interim)|\binterim|travail temporaire|remplacement d'agent|"
    r"(?:personnel|agent)s? (?:de )?(?:remplacement|temporaire|interimaire)"
)
_INSERTION = re.compile(
    r"insertion|eloignee?s? de l'emploi|qualification professionnelle|defavorise"
)


@dataclass(frozen=True, slots=True)
class Need:
    """One need. Coordinates are WGS84 degrees, amounts € HT; `on` is the day that counts for the
    law and for what was known of former awards.

    `activities` holds (code, score in [0, 1], evidence), best first. `spots` are the places that
    it names, the first at (`lat`, `lon`); empty when only a territory is known. `reserved` holds
    clause types (reserved_siae, …). `lent` says that staff is wanted, not a service performed,
    `wide` that the place is only the seat of a buyer of a whole territory.
    `reference` is the contract's own, whose awards teach it nothing. `assumptions` are the French
    sentences that a reader must know. `trades` are the different trades that a form names, none
    when there is one. `months` is how long, `quantity` as it is written, `deadline` the last day
    to answer. `without_competition` says that the buyer may choose a supplier directly (R2122-8):
    a former one is then no better for it. `concession` says that a concession is let, not a
    contract: the law opens other routes.
    """

    text: str
    on: date
    context: str = ""
    cpv: str | None = None
    activities: tuple[tuple[str, float, str], ...] = ()
    spots: tuple[Spot, ...] = ()
    lat: float | None = None
    lon: float | None = None
    place_label: str | None = None
    departements: tuple[str, ...] = ()
    amount_eur: float | None = None
    nature: Nature | None = None
    reserved: tuple[str, ...] = ()
    insertion: bool = False
    lent: bool = False
    wide: bool = False
    buyer_key: str | None = None
    reference: str | None = None
    assumptions: tuple[str, ...] = ()
    trades: tuple[Trade, ...] = ()
    months: float | None = None
    quantity: str | None = None
    deadline: date | None = None
    without_competition: bool = False
    concession: bool = False

    @property
    def named_trades(self) -> tuple[Trade, ...]:
        """`trades`, or those that a published lot's title names: only forms have theirs read."""
        return self.trades or (trades(self.text) if self.reference else ())


def need_from_lot(contract: Contract, lot: Lot) -> Need:
    """The need of a lot of a published contract, at the day of its publication."""
    own = lot.title
    context = " | ".join(
        [
            contract.title if contract.title != own else "",
            lot.description or "",
            *(word for notice in contract.notices for word in notice.descriptors),
        ]
    )
    departements = [lot.departement] if lot.departement else contract.departements
    types = [f.type for f in contract.findings if not f.lots or lot.number in f.lots]
    need = need_of(
        own,
        contract.published_on,
        context=context.strip(),
        cpv=lot.cpv or contract.cpv,
        amount_eur=lot.amount_eur,
        departements=departements,
        nature=next((n for n in NATURES if n in contract.types), None),
        clause_types=types,
        guesses=[(code, score, evidence) for code, score, evidence in lot.activities],
    )
    buyer = contract.buyer
    key = buyer_identity(buyer.name, buyer.postcode, buyer.departement)
    last = contract.deadline.date() if contract.deadline else None
    need = replace(need, buyer_key=key, reference=contract.reference, deadline=last)
    if lot.city:
        stands = buyer_spot("", lot.city, None, departements)
        if stands:
            return _at(need, (stands,), ())
    return placed_for_buyer(need, contract.buyer.name, contract.buyer.city, contract.buyer.postcode)


def need_from_form(
    what: str,
    *,
    on: date,
    place: str | None = None,
    amount_eur: float | None = None,
    nature: str | None = None,
    cpv: str | None = None,
    clause_types: Iterable[str] = (),
    months: float | None = None,
    buyer_key: str | None = None,
    concession: bool = False,
    find: Finder = find_place,
) -> Need:
    """The need that a buyer typed or pasted: what, where, how much (€ HT). Never raises: what
    cannot be used is said in the assumptions, as is what was read in the text for want of an
    answer, and how the place, given by `find`, was understood."""
    known = next((n for n in NATURES if n == nature), None)
    read, cut = essence(what)
    told = details(read)
    need = need_of(
        read,
        on,
        cpv=cpv,
        amount_eur=told.amount_eur if amount_eur is None else amount_eur,
        nature=known,
        clause_types=clause_types,
    )
    several = trades(naming(read[:MAX_TEXT]))
    need = replace(
        need,
        months=months or need.months,
        buyer_key=buyer_key,
        trades=several,
        concession=concession,
    )
    notes = [
        *assuming.several(several),
        cut,
        foreign(read),
        assuming.amount_read(told) if amount_eur is None else None,
    ]
    for note in filter(None, notes):
        need = _noting(need, note)
    typed = (place or "").strip()
    if typed:
        return _placed(need, typed, find)
    if told.place and (located := find_place(told.place)):
        need = _noting(need, f"Lieu lu dans le texte : {located.place.label}.")
        return _placed(need, told.place, find_place)
    return _noting(need, "Lieu non précisé : toute la France a été cherchée.")


def _placed(need: Need, typed: str, find: Finder) -> Need:
    located = find(typed)
    if located is None:
        return _noting(need, f"Lieu inconnu : « {typed[:60]} ». Toute la France a été cherchée.")
    found = located.place
    need = replace(need, departements=found.departements)
    if located.note:
        need = _noting(need, located.note)
    if found.lat is None or found.lon is None:
        return replace(need, place_label=found.label)
    if found.kind in ("commune", "postcode", "address"):
        return _at(need, (Spot(found.code, found.label, found.lat, found.lon),), ())
    return _noting(
        replace(need, lat=found.lat, lon=found.lon, place_label=found.label, wide=True),
        f"Lieu étendu : les distances partent du centre de {found.label}.",
    )


def need_of(
    text: str,
    on: date,
    *,
    context: str = "",
    cpv: str | None = None,
    amount_eur: float | None = None,
    departements: Sequence[str] = (),
    nature: Nature | None = None,
    clause_types: Iterable[str] = (),
    guesses: Sequence[tuple[str, float, str]] | None = None,
) -> Need:
    """A need from plain values, without a place yet; `guesses` are activities already known."""
    text, context = _clean(text), _clean(context)
    said = fold(f"{text} {context}")
    types = set(clause_types)
    code, unknown = assuming.known_code(cpv)
    activities = tuple(guesses) if guesses is not None else _guessed(text, context, code)
    amount, doubts = assuming.possible_amount(amount_eur)
    told = details(text)
    return Need(
        text=text,
        on=on,
        context=context,
        cpv=code,
        activities=activities[:BEST_GUESSES],
        departements=tuple(departements),
        amount_eur=amount,
        nature=nature,
        reserved=tuple(sorted(t for t in types if t.startswith(RESERVED_PREFIX))),
        insertion=bool(types & INSERTION_TYPES) or bool(_INSERTION.search(said)),
        lent=bool(_LENT.search(said)),
        assumptions=(
            *assuming.deduced(activities, text),
            *unknown,
            *doubts,
        ),
        months=told.months,
        quantity=told.quantity,
        deadline=told.deadline,
    )


def placed_for_buyer(need: Need, name: str, city: str | None, postcode: str | None) -> Need:
    """The need where its own words say, else where its buyer sits, else in its département."""
    need = replace(need, departements=named_departements(need.text, need.departements))
    for text, where in ((need.text, "l'intitulé"), (need.context, "l'objet du marché")):
        named = named_spots(text, need.departements)
        if named:
            labels = ", ".join(spot.label for spot in named[:3])
            return _at(need, named, (f"Lieu lu dans {where} : {labels}.",))
    stands = buyer_spot(name, city, postcode, need.departements)
    if stands and not words("wide_buyers").isdisjoint(name_key(name).split()):
        note = (
            f"Lieu précis inconnu : l'acheteur, à {stands.label}, achète pour tout un territoire ; "
            "la distance compte moins."
        )
        return replace(_at(need, (stands,), (note,)), wide=True)
    if stands:
        return _at(need, (stands,), (f"Lieu supposé : {stands.label}, siège de l'acheteur.",))
    return _at_centre(need)


def _at_centre(need: Need) -> Need:
    centre = territory_centre(need.departements)
    if centre is None:
        return _noting(need, "Lieu non précisé : toute la France a été cherchée.")
    label, lat, lon = centre
    return _noting(
        replace(need, lat=lat, lon=lon, place_label=label, wide=True),
        f"Lieu précis inconnu : les distances partent du centre de {label}.",
    )


def _at(need: Need, spots: tuple[Spot, ...], assumptions: tuple[str, ...]) -> Need:
    first = spots[0]
    return replace(
        need,
        spots=spots,
        lat=first.lat,
        lon=first.lon,
        place_label=first.label,
        assumptions=(*need.assumptions, *assumptions),
    )


def _noting(need: Need, sentence: str) -> Need:
    return replace(need, assumptions=(*need.assumptions, sentence))


def _clean(text: str) -> str:
    kept = "".join(c if c.isprintable() else " " for c in text[:MAX_TEXT])
    return " ".join(kept.split())


def _guessed(text: str, context: str, cpv: str | None) -> tuple[tuple[str, float, str], ...]:
    guesses: list[Guess] = classify(text, context=context, cpv=cpv)
    return tuple((g.code, g.score, g.evidence) for g in guesses)
