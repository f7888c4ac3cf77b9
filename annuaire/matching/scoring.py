"""From candidates to an ordered list of suggestions with reasons; pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from annuaire.geo.distance import haversine_km
from annuaire.matching import meeting
from annuaire.matching.candidates import Candidate
from annuaire.matching.cautions import cautions
from annuaire.matching.contesting import Contest, counted, points_lost
from annuaire.matching.features import FEATURES, Feature, trade_known, trade_words
from annuaire.matching.history import lately_from_buyer
from annuaire.matching.meeting import Asked, Met
from annuaire.matching.need import Need
from annuaire.matching.noting import Noted, lately, noted_by_key, sentences

#: Smallest score, in points of 100, of each label.
LABELS = ((65, "Très bonne piste"), (50, "Bonne piste"), (35, "Piste à vérifier"))
LAST_LABEL = "Piste lointaine"
SUPPOSED = 49  # points that a structure of unknown trade is said to have at most
BARRED_LABEL = "Ne peut pas répondre à ce lot"
STEP = 0.5  # points within which two structures are equals
WIDE_STEP = 3.0  # the same where the buyer chooses without competition: suppliers should turn
LEAST_REASON = 1.0  # points under which a feature is not told


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A structure for a need. `score` is in points of 100; `reasons` are (sentence, weight in
    words), the heaviest first; `distance_km` is from the nearest place of the need;
    `trade_known` says that something published, and no guess, makes it do what is asked,
    `trade` what."""

    key: str
    siret: str | None
    name: str
    kinds: tuple[str, ...]
    city: str | None
    departement: str | None
    lat: float | None
    lon: float | None
    distance_km: float | None
    score: int
    score_label: str
    reasons: tuple[tuple[str, str], ...]
    cautions: tuple[str, ...]
    contested: Contest | None = None
    trade_known: bool = True
    trade: str = ""


class Ranked(NamedTuple):
    """A candidate with its points, before words are put on it; `contest` is what the visitor said
    against it, whose points are already lost, `noted` what they noted of it."""

    met: Met
    points: float
    contest: Contest | None = None
    noted: tuple[Noted, ...] = ()


def rank(
    need: Need,
    candidates: Sequence[Candidate],
    day: date,
    table: Sequence[Feature] = FEATURES,
    contests: Iterable[Contest] = (),
    noted: Iterable[Noted] = (),
) -> list[Ranked]:
    """All candidates, the best first. Those that the law bars come last.

    Equal points (to `STEP`) change places every day, by a hash of the structure's key and the
    day: nobody stays first among equals. Where the buyer chooses without competition, equals are
    wider, and those that it took least lately come first among them: as award notices tell, and as
    `noted` by the buyer itself.
    """
    asked = meeting.ask(need)
    against, bought = counted(contests, need), noted_by_key(noted, need.on)
    scored = [_ranked(asked, met, table, against, bought) for met in _met(asked, candidates)]
    turns, step, drawn = need.without_competition, step_of(need), day.isoformat()
    return sorted(
        scored,
        key=lambda r: (
            r.met.fit.barred,
            -round(r.points / step),
            *(_taken(asked, r) if turns else ()),
            _turn(r.met.candidate.key, drawn),
        ),
    )


def step_of(need: Need) -> float:
    """Points within which two structures are equals for a need."""
    return WIDE_STEP if need.without_competition else STEP


def _taken(asked: Asked, ranked: Ranked) -> tuple[int, int]:
    """How often this buyer bought from it lately, then how often it asked it."""
    if not ranked.met.former and not ranked.noted:
        return 0, 0
    day = asked.need.on
    bought = lately_from_buyer(asked, ranked.met) + lately(ranked.noted, day, asked=False)
    return bought, lately(ranked.noted, day, asked=True)


def _ranked(
    asked: Asked,
    met: Met,
    table: Sequence[Feature],
    against: Mapping[str, Contest],
    bought: Mapping[str, tuple[Noted, ...]],
) -> Ranked:
    if met.fit.barred:
        return Ranked(met, 0.0)
    key = met.candidate.key
    contest = against.get(key)
    scored = max(0.0, points(asked, met, table) - points_lost(contest))
    return Ranked(met, scored, contest, bought.get(key, ()))


def in_words(need: Need, ordered: Iterable[Ranked]) -> list[Suggestion]:
    """Ranked candidates in words."""
    asked = meeting.ask(need)
    return [worded(asked, ranked) for ranked in ordered]


def points(asked: Asked, met: Met, table: Sequence[Feature] = FEATURES) -> float:
    """Points of 100."""
    total = 0.0
    for row in table:  # a generator takes a fifth longer
        total += row.weight * row.function(asked, met)[0]
    return total


def distances(need: Need, candidates: Sequence[Candidate]) -> list[float | None]:
    """Kilometres from each candidate to the nearest place of the need."""
    points = [(spot.lat, spot.lon) for spot in need.spots]
    if not points and need.lat is not None and need.lon is not None:
        points = [(need.lat, need.lon)]
    if not points or not candidates:
        return [None] * len(candidates)
    lats = _column(c.lat for c in candidates)
    lons = _column(c.lon for c in candidates)
    nearest = np.min([haversine_km(lat, lon, lats, lons) for lat, lon in points], axis=0)
    return [None if value != value else value for value in nearest.tolist()]


def _column(values: Iterable[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def _met(asked: Asked, candidates: Sequence[Candidate]) -> Iterable[Met]:
    far = distances(asked.need, candidates)
    return map(meeting.meet, [asked] * len(candidates), candidates, far)


def _turn(key: str, day: str) -> bytes:
    return hashlib.blake2b(f"{day}:{key}".encode(), digest_size=8).digest()


def worded(asked: Asked, ranked: Ranked) -> Suggestion:
    """A candidate in words."""
    met, candidate = ranked.met, ranked.met.candidate
    score = max(0, min(100, round(ranked.points)))
    known = trade_known(asked, met)
    return Suggestion(
        key=candidate.key,
        siret=candidate.siret,
        name=candidate.shown_name,
        kinds=candidate.kinds,
        city=candidate.city,
        departement=candidate.departement,
        lat=candidate.lat,
        lon=candidate.lon,
        distance_km=None if met.distance_km is None else round(met.distance_km, 1),
        score=score,
        score_label=_label(asked, met, score, known=known),
        reasons=() if met.fit.barred else tuple(_reasons(asked, met)),
        cautions=(
            *([ranked.contest.sentence] if ranked.contest else []),
            *sentences(ranked.noted),
            *cautions(asked, met, known=known),
        ),
        contested=ranked.contest,
        trade_known=known or not asked.need.activities,
        trade=trade_words(asked, met) if known else "",
    )


def _label(asked: Asked, met: Met, score: int, *, known: bool) -> str:
    """The score in words; where the trade is only supposed, no more than a lead to check."""
    if met.fit.barred:
        return BARRED_LABEL
    if asked.need.activities and not known:
        return label_of(min(score, SUPPOSED))
    return label_of(score)


def label_of(score: int) -> str:
    """The score in words."""
    return next((label for least, label in LABELS if score >= least), LAST_LABEL)


def _reasons(asked: Asked, met: Met) -> Iterable[tuple[str, str]]:
    told = []
    for row in FEATURES:
        score, said = row.function(asked, met)
        given = row.weight * score
        if said and given >= LEAST_REASON:
            told.append((given, said(), row.weight))
    told.sort(key=lambda each: -each[0])
    for given, sentence, weight in told:
        yield sentence, f"{given:.0f} points sur {weight:.0f}"
