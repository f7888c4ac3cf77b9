"""A typo or a missing accent does not lose what the right spelling finds first."""

import unicodedata
from random import Random

from annuaire.bench.documents import misspelt, structure_documents
from search.engine import Engine, Query
from search.text import STOP_WORDS, TOKEN, fold
from tests.integration.search.register import GENERATED, GENERATED_SEED

CASES = 400
KEPT_SHARE = 0.98
SHOWN = 20


def test_typos_and_accents_keep_the_first_hit_found(generated: Engine) -> None:
    draw = Random(5)  # noqa: S311
    kept = lost = 0
    examples: list[str] = []
    for words in _queries(draw):
        at = draw.randrange(len(words))
        right, wrong = words[at], _damaged(draw, words[at])
        before = generated.search("structures", Query(" ".join(words), limit=1)).hits
        if not before or wrong is None:
            continue
        words[at] = wrong
        after = generated.search("structures", Query(" ".join(words), limit=GENERATED)).hits
        if before[0].id in {hit.id for hit in after}:
            kept += 1
        else:
            lost += 1
            examples.append(f"{right} → {wrong}")
    assert kept + lost >= CASES * 0.9
    assert kept / (kept + lost) >= KEPT_SHARE, examples


def _queries(draw: Random) -> list[list[str]]:
    """Names, activities and towns of the register as someone would type them."""
    documents = draw.sample(list(structure_documents(GENERATED, GENERATED_SEED)), CASES)
    queries = []
    for document in documents:
        source = draw.choice([document["name"], draw.choice(document["activity_words"])])
        words = [w for w in TOKEN.findall(source) if fold(w) not in STOP_WORDS and len(w) > 4]
        chosen = words[:2] or [document["activity_words"][0].split()[0]]
        queries.append(chosen + ([document["city"]] if draw.random() < 0.3 else []))
    return queries


def _damaged(draw: Random, word: str) -> str | None:
    bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    if bare != word and draw.random() < 0.5:
        return bare
    return misspelt(draw, word) if len(word) > 4 and word.isalpha() else None
