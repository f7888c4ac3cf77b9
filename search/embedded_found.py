"""What a query found, and which of it comes first."""

from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
import numpy.typing as npt
import tantivy

from search import ranking

Floats = npt.NDArray[np.float64]
Kept = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Found:
    """All that a query found, in order: where, with what score and how far (NaN: unknown).

    `first` is the rank of the first of them: what comes before was not collected.
    `dropped` stood in the box but not in the circle.
    """

    total: int
    addresses: list[tantivy.DocAddress]
    scores: Floats
    distances: Floats | None = None
    dropped: tuple[tantivy.DocAddress, ...] = ()
    first: int = 0

    def part(self, start: int, stop: int | None) -> "Found":
        """Some of them, in the same order."""
        distances = None if self.distances is None else self.distances[start:stop]
        addresses = self.addresses[start:stop]
        return Found(self.total, addresses, self.scores[start:stop], distances)

    def within(self, inside: Kept, *, counted: bool) -> "Found":
        """Those that stand inside a circle; the total is then what is kept. `counted`: what is
        dropped is told, for who counts by facet."""
        return replace(
            self,
            total=int(inside.sum()),
            addresses=list(compress(self.addresses, inside.tolist())),
            scores=self.scores[inside],
            distances=None if self.distances is None else self.distances[inside],
            dropped=tuple(compress(self.addresses, (~inside).tolist())) if counted else (),
        )


def best_first(found: Found, order: Floats, *, words: int, by_distance: bool) -> Found:
    """The same with its final scores, by score or by distance; equals by the day's `order`
    (level + turn, see search.prepared.level). `words` is what the text counts for."""
    valid, quality = np.divmod(np.floor(order), ranking.QUALITY_LEVELS)
    scores = found.scores / max(1, words)
    scores = (
        scores + ranking.VALID * valid + ranking.QUALITY * quality / (ranking.QUALITY_LEVELS - 1)
    )
    if found.distances is not None:
        near = ranking.NEAR / (1 + found.distances / ranking.HALF_KM)
        scores = scores + np.where(np.isnan(near), 0.0, near)
    scores = np.round(scores, ranking.SCORE_DIGITS)
    keys: list[Floats] = [-order, -scores]
    if by_distance and found.distances is not None:
        keys.append(found.distances)
    ranks = np.lexsort(keys)
    return replace(
        found,
        addresses=[found.addresses[i] for i in ranks.tolist()],
        scores=scores[ranks],
        distances=None if found.distances is None else found.distances[ranks],
    )
