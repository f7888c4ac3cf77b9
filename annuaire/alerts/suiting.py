"""« Marchés pour nous » the other way round: which structures that await them do new lots suit, by
the same questions, features and points as on their page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from annuaire.alerts.batches import Batch
from annuaire.alerts.refusing import Refused
from annuaire.matching.candidates import Candidate
from annuaire.matching.former import Former, wins_before
from annuaire.matching.opportunities import (
    DEFAULT_KM,
    FORMER_LOTS,
    OpenLot,
    Opportunity,
    Wanted,
    candidate_with,
    codes_near,
    questions,
    suiting,
)
from annuaire.matching.scoring import label_of
from annuaire.matching.told import told_of
from annuaire.profiles.service import held_of
from annuaire.sql import among
from annuaire.structures.models import Structure

MOST_TELLING = 4  # reasons that are kept
WON_OF_ALL = 100_000


def candidates_of(session: Session, keys: Iterable[str], today: date) -> dict[str, Candidate]:
    """The living structures of these keys as matching sees them; a fixed number of queries."""
    found = session.scalars(
        select(Structure)
        .where(among(Structure.key, keys), Structure.ended_on.is_(None))
        .options(selectinload(Structure.statuses), selectinload(Structure.activities))
        .order_by(Structure.id)
    ).all()
    said = held_of(session, [s.id for s in found])
    rows = wins_before(session, [s.id for s in found], today, WON_OF_ALL)
    won: defaultdict[int, list[Former]] = defaultdict(list)
    for row in rows:
        won[row.structure_id].append(row)
    return {
        s.key: replace(
            candidate_with(s, won[s.id][:FORMER_LOTS], today),
            told=told_of(said[s.id].content) if s.id in said else None,
        )
        for s in found
    }


def suiting_lots(
    candidate: Candidate,
    batch: Batch,
    options: Mapping[str, Any],
    refused: Refused,
    today: date,
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """By contract of the batch, its lots that suit a structure, the best first: number, points and
    why. What the structure refused alike makes a lot weigh less."""
    wanted = Wanted(**options)
    if wanted.within_km != DEFAULT_KM:  # a distance that was chosen counts before a declared area
        candidate = replace(candidate, told=None)
    codes = codes_near(candidate)
    if not codes:
        return
    asked = questions(candidate, codes, today, wanted)
    for id_ in sorted({id_ for query in asked for id_ in batch.index.ids(query)}):
        lots = [lot for lot in batch.open_lots[id_] if not lot.codes.isdisjoint(codes)]
        kept = suiting(candidate, lots, wanted)
        told = [*_told(kept, {lot.lot.number: lot for lot in lots}, refused, wanted)]
        if told:
            yield id_, told


def _told(
    found: Iterable[Opportunity], lots: Mapping[str, OpenLot], refused: Refused, wanted: Wanted
) -> Iterator[dict[str, Any]]:
    for each in found:
        main = [code for code, *_ in lots[each.number].lot.activities[:1]]
        score = round(each.score - refused.lost(main))
        if refused.activities.issuperset(main) and main:
            continue
        if score >= wanted.least:
            yield {
                "number": each.number,
                "score": score,
                "label": label_of(score),
                "km": each.distance_km,
                "reasons": [sentence for sentence, _ in each.reasons[:MOST_TELLING]],
                "cautions": list(each.cautions[:2]),
            }
