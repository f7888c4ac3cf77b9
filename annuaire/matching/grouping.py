"""From a need, or the lots of a contract, to groups of structures that could take them together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from annuaire.contracts.models import Contract
from annuaire.geo.distance import distance_km
from annuaire.matching.features import activity
from annuaire.matching.gathering import TRADE_KM, gather_alike
from annuaire.matching.groups import NOBODY, Able, Grouping, Part, propose
from annuaire.matching.means import EUROS_PER_HEAD, means_eur
from annuaire.matching.meeting import Met, ask
from annuaire.matching.need import Need, need_from_lot
from annuaire.matching.scoring import Ranked, rank
from annuaire.matching.spots import Spot
from search.engine import Engine

REACH_KM: Final = 100.0
APART_KM: Final = 50.0  # from which two places of a need are two, each for its own neighbours
MOST_PARTS: Final = 8
MOST_LOTS: Final = 12
ABLE: Final = 12  # structures kept for a part
KNOWN: Final = 0.35  # score of `activity` from which a structure is said to do a part
LEAST_WAY: Final = 0.3  # of annuaire.matching.fitness
WIDER: Final = 1.5  # how much farther those of one of several trades stand
LABEL: Final = 60  # characters of a lot's title


def grouping_of(
    session: Session, engine: Engine, need: Need, today: date, ordered: Sequence[Ranked]
) -> Grouping:
    """Groups for one need: when it names several trades or places, or when its amount is too much
    for those among `ordered` who do it; nothing to say for other needs. Raises
    EngineUnavailable."""
    parts = _parts(need)
    if len(parts) > 1:
        return _proposed(parts, _ranked(session, engine, parts, today, _enough_km(ordered)))
    if need.amount_eur and need.amount_eur > EUROS_PER_HEAD and need.activities:
        label = _short(need.text)
        return _proposed([(label, need)], [ordered])
    return NOBODY


def grouping_of_lots(session: Session, engine: Engine, contract: Contract, today: date) -> Grouping:
    """Groups that could take several lots of a contract, its first `MOST_LOTS` at most; lots that
    are awarded are left out. Raises EngineUnavailable."""
    needs = [
        (f"lot {lot.number} : {_short(lot.title)}", need_from_lot(contract, lot))
        for lot in contract.standing_lots[:MOST_LOTS]
        if not lot.awards
    ]
    if len(needs) < 2:
        return NOBODY
    ordered = _ranked(session, engine, needs, today)
    return _proposed(needs, ordered)


def _parts(need: Need) -> list[tuple[str, Need]]:
    named = [
        (
            trade.words,
            replace(need, text=trade.words, trades=(), amount_eur=None,
                    activities=((trade.code, trade.score, trade.words),)),
        )
        for trade in need.named_trades
    ] or [("", need)]  # fmt: skip
    places = _places(need)
    if len(places) > 1 and len(places) * len(named) <= MOST_PARTS:
        return [
            (f"{words} à {spot.label}" if words else spot.label, _around(one, spot))
            for words, one in named
            for spot in places
        ]
    return named if len(named) > 1 else []


def _places(need: Need) -> list[Spot]:
    """The places of a need that stand far from each other."""
    kept: list[Spot] = []
    for spot in need.spots:
        if all(distance_km(spot.lat, spot.lon, k.lat, k.lon) > APART_KM for k in kept):
            kept.append(spot)
    return kept


def _around(need: Need, spot: Spot) -> Need:
    return replace(
        need, spots=(spot,), lat=spot.lat, lon=spot.lon, place_label=spot.label, amount_eur=None
    )


def _enough_km(ordered: Sequence[Ranked]) -> float:
    """How far enough structures of one part should stand, by those found for the whole need."""
    far = sorted(r.met.distance_km for r in ordered if r.met.distance_km is not None)
    return max(TRADE_KM, WIDER * far[len(far) * 9 // 10]) if far else TRADE_KM


def _ranked(
    session: Session,
    engine: Engine,
    parts: Sequence[tuple[str, Need]],
    today: date,
    first_km: float = TRADE_KM,
) -> list[list[Ranked]]:
    """For each part, those of its trade around its place, the best first."""
    needs = [need for _, need in parts]
    found = gather_alike(session, engine, needs, today, first_km)
    return [rank(need, own, today) for need, own in zip(needs, found, strict=True)]


def _proposed(parts: Sequence[tuple[str, Need]], ordered: Sequence[Sequence[Ranked]]) -> Grouping:
    several = len(parts) > 1
    return propose(
        [
            Part(
                label,
                _able(need, found, apart=several and len(need.spots) == 1),
                need.amount_eur,
                recognised=bool(need.activities),
            )
            for (label, need), found in zip(parts, ordered, strict=True)
        ],
        REACH_KM,
    )


def _able(need: Need, ordered: Sequence[Ranked], *, apart: bool) -> tuple[Able, ...]:
    asked = ask(need)
    kept: list[Able] = []
    for ranked in ordered:
        met = ranked.met
        far = met.distance_km
        if _kept_out(met) or (far is not None and far > REACH_KM) or (apart and far is None):
            continue
        if activity(asked, met)[0] >= KNOWN:
            means = means_eur(met.candidate, need.months)
            kept.append(Able(met.candidate, ranked.points, far, means))
        if len(kept) == ABLE:
            break
    return tuple(kept)


def _kept_out(met: Met) -> bool:
    """Whether a structure is no member: barred by the reservation, of a kind that does not work
    in the way wanted (lent staff or a service), a public body that seldom answers, or one that
    says that it answers alone."""
    public = (met.candidate.naf or "").startswith("84")
    alone = met.candidate.told is not None and met.candidate.told.cocontract is False
    return met.fit.barred or met.fit.score < LEAST_WAY or public or alone


def _short(text: str) -> str:
    return text if len(text) <= LABEL else f"{text[:LABEL].rstrip()}…"
