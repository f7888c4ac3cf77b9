"""How well matching finds who won: recall and mean reciprocal rank on labelled lots.

The same table of features and the same order as `suggest`, over the whole directory instead of
the engine's candidates. The winner's name is never an input; an award teaches only the lots whose
notice was published after it.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from annuaire.activities.classify import classify, from_naf
from annuaire.activities.taxonomy import proximity
from annuaire.matching import scoring
from annuaire.matching.buyers import buyer_identity
from annuaire.matching.candidates import Candidate, Won
from annuaire.matching.features import FEATURES, Feature
from annuaire.matching.labelled import Award, LabelledLot, Published, load_awards, load_rows
from annuaire.matching.need import Need, need_of, placed_for_buyer
from annuaire.matching.winners import Named, Register

__all__ = ["ablation", "evaluate", "load_awards", "load_rows", "ranks", "taught"]

DEPTHS: Final = (5, 10, 20)
WON_ACTIVITIES: Final = 2
Order = Callable[[Need, Sequence[Candidate]], list[Candidate]]


def evaluate(
    rows: Iterable[LabelledLot], candidates: Iterable[Candidate], awards: Iterable[Award]
) -> dict[str, Any]:
    """Figures of `annuaire evaluate matching`: n, recall_at_5, _10, _20, mrr and baselines."""
    lots, directory = list(rows), taught(candidates, awards)
    figures = _figures(ranks(lots, directory, by_score()))
    baselines = {name: _figures(ranks(lots, directory, order)) for name, order in BASELINES.items()}
    return {"n": len(lots), **figures, "baselines": baselines}


def ablation(
    rows: Iterable[LabelledLot], candidates: Iterable[Candidate], awards: Iterable[Award]
) -> list[dict[str, Any]]:
    """The same figures with each feature switched off in turn, « none » first."""
    lots, directory = list(rows), taught(candidates, awards)
    table: list[tuple[str, Sequence[Feature]]] = [("none", FEATURES)]
    table += [(row.name, tuple(f for f in FEATURES if f is not row)) for row in FEATURES]
    return [
        {"off": name, **_figures(ranks(lots, directory, by_score(kept)))} for name, kept in table
    ]


def taught(candidates: Iterable[Candidate], awards: Iterable[Award]) -> list[Candidate]:
    """The directory with the lots that these awards say each structure won."""
    directory = list(candidates)
    register = Register(
        Named(c.key, tuple(n for n in (c.name, c.brand) if n), c.departement, c.siret)
        for c in directory
    )
    won: dict[int | str, dict[str, Won]] = {}
    for award in awards:
        for structure in register.find(award.winner, award.published.departements):
            lot = won_lot(award.published)
            won.setdefault(structure.id, {}).setdefault(lot.reference, lot)
    return [replace(c, wins=tuple(won[c.key].values())) if c.key in won else c for c in directory]


def won_lot(published: Published) -> Won:
    """A lot as former wins are kept."""
    own = published.lot or published.title
    guesses = classify(own, context=f"{published.title} | {published.descriptors}")
    here = published.departements[0] if len(published.departements) == 1 else None
    return Won(
        on=published.on,
        activities=tuple(g.code for g in guesses[:WON_ACTIVITIES]),
        departement=here,
        buyer_key=buyer_identity(published.buyer, published.postcode, here),
        buyer_name=published.buyer,
        title=own,
        reference=f"{published.idweb}#{published.lot}",
    )


def need_of_published(published: Published) -> Need:
    """The need of a lot, from what its notice says."""
    own = published.lot or published.title
    context = published.title if own != published.title else ""
    here = published.departements[0] if len(published.departements) == 1 else None
    need = need_of(
        own,
        published.on,
        context=f"{context} | {published.descriptors}",
        amount_eur=published.amount_eur,
        departements=published.departements,
    )
    need = replace(
        need,
        buyer_key=buyer_identity(published.buyer, published.postcode, here),
        reference=published.idweb,
    )
    return placed_for_buyer(need, published.buyer, published.city, published.postcode)


def ranks(
    lots: Iterable[LabelledLot], directory: Sequence[Candidate], order: Order
) -> list[int | None]:
    """At what place (from 1) each lot's winner comes; None when the directory lacks it."""
    found: list[int | None] = []
    for lot in lots:
        ordered = order(need_of_published(lot.published), directory)
        places = (at for at, c in enumerate(ordered, 1) if c.siret in lot.sirets)
        found.append(next(places, None))
    return found


def by_score(table: Sequence[Feature] = FEATURES) -> Order:
    """The product's order."""

    def order(need: Need, directory: Sequence[Candidate]) -> list[Candidate]:
        return [r.met.candidate for r in scoring.rank(need, directory, need.on, table)]

    return order


def nearest(need: Need, directory: Sequence[Candidate]) -> list[Candidate]:
    """Baseline: the nearest to the need's place first."""
    far = scoring.distances(need, directory)
    return _ordered(need, directory, [1e9 if d is None else d for d in far])


def by_naf(need: Need, directory: Sequence[Candidate]) -> list[Candidate]:
    """Baseline: in the département first, those whose NAF code is near the need's activity."""
    wanted = [code for code, _, _ in need.activities]
    near = {
        naf: max((proximity(w, g.code) for w in wanted for g in from_naf(naf)), default=0.0)
        for naf in {c.naf for c in directory if c.naf}
    }
    away = [
        (c.departement not in need.departements) * 10 - near.get(c.naf or "", 0.0)
        for c in directory
    ]
    return _ordered(need, directory, away)


def by_chance(need: Need, directory: Sequence[Candidate]) -> list[Candidate]:
    """Baseline: at random, those of the département first."""
    away = [float(c.departement not in need.departements) for c in directory]
    return _ordered(need, directory, away)


BASELINES: Final[dict[str, Order]] = {"nearest": nearest, "naf": by_naf, "random": by_chance}


def _ordered(need: Need, directory: Sequence[Candidate], away: Sequence[float]) -> list[Candidate]:
    seed = f"{need.reference}:{need.text}"
    drawn = [hashlib.blake2b(f"{seed}:{c.key}".encode()).digest() for c in directory]
    places = sorted(range(len(directory)), key=lambda i: (away[i], drawn[i]))
    return [directory[i] for i in places]


def _figures(found: Sequence[int | None]) -> dict[str, float]:
    n = max(1, len(found))
    figures = {
        f"recall_at_{depth}": round(sum(r is not None and r <= depth for r in found) / n, 4)
        for depth in DEPTHS
    }
    return {**figures, "mrr": round(sum(1 / r for r in found if r) / n, 4)}
