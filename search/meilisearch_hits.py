"""What a Meilisearch server found, as the port hands it back: marks and distances."""

from annuaire.geo.distance import distance_km
from search.engine import Hit, Query
from search.highlight import Sought, highlights
from search.meilisearch_documents import SameWords, singular
from search.meilisearch_found import Json
from search.meilisearch_query import Asked
from search.ranking import typos_allowed


def seeking(asked: Asked, same: SameWords, *, forgiving: bool) -> Sought:
    """The words to mark: those typed, what means the same, and what they may be typos of."""
    words = asked.words
    also = [w for phrase in same.also_found(words) for w in phrase.split()]
    return Sought(
        words=frozenset([*words, *also]),
        stems=frozenset(singular(word) for word in (*words, *also)),
        prefixes=words[-1:] if words and not asked.query.any_word else (),
        misspelt=tuple(w for w in words if typos_allowed(w, forgiving=forgiving)),
    )


def handed(hit: Json, query: Query, sought: Sought) -> Hit:
    """A hit of the server as one of ours."""
    texts, id_ = hit.get("texts") or {}, str(hit["id"])
    marked = highlights(texts, sought, singular) if query.highlight and sought.words else {}
    score = hit.get("_federation", {}).get("weightedRankingScore", hit.get("_rankingScore", 0))
    return Hit(
        id=id_,
        score=float(score),
        document={**(hit.get("stored") or {}), "id": id_},
        distance_km=_distance(hit, query),
        highlights=marked,
        texts=texts,
    )


def _distance(hit: Json, query: Query) -> float | None:
    place, origin = hit.get("_geo"), query.origin
    if not place or origin is None:
        return None
    return distance_km(*origin, place["lat"], place["lng"])
