"""The words near a misspelt one are those that tantivy's own automata find."""

from pathlib import Path

import tantivy
from hypothesis import given
from hypothesis import strategies as st

from search.embedded import EmbeddedEngine
from search.embedded_schema import open_index, tantivy_document, tantivy_schema
from search.embedded_vocabulary import Vocabulary
from search.engine import Query
from search.schema import STRUCTURES

#: Few letters, so that words are near each other in every way; two of them not plain.
WORDS = st.text("abne1κ", min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=30), WORDS, st.sampled_from((1, 2)))
def test_near_words_are_those_that_tantivy_finds(held: list[str], word: str, most: int) -> None:
    index = open_index(STRUCTURES, None)
    writer = index.writer(15_000_000, 1)
    for number, name in enumerate(held):
        document = {"id": str(number), "name": name, "description": name[::-1]}
        writer.add_document(tantivy_document(STRUCTURES, document))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, fields = index.searcher(), tantivy_schema(STRUCTURES)
    near = Vocabulary(STRUCTURES, searcher).near(word, most)
    for column in ("title", "title_stem", "body", "body_stem", "place"):
        for distance in range(most + 1):
            words = [w for away, ws in near.get(column, {}).items() if away <= distance for w in ws]
            each = [tantivy.Query.term_query(fields, column, w, "basic") for w in words]
            either = tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in each])
            fuzzy = tantivy.Query.fuzzy_term_query(fields, column, word, distance)
            found = [_numbers(searcher, query) for query in (either, fuzzy)]
            assert found[0] == found[1], (column, distance, words)


def _numbers(searcher: tantivy.Searcher, query: tantivy.Query) -> list[object]:
    hits = searcher.search(query, 100).hits
    addresses = [address for _, address in hits]
    return sorted(searcher.fast_field_values("number", addresses), key=str)


def test_a_word_indexed_since_is_found_with_its_typo(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path)
    asked = Query("vanerie rempaillage", any_word=True)
    engine.index("structures", [{"id": "1", "name": "Rempaillage du Val"}])
    assert [hit.id for hit in engine.search("structures", asked).hits] == ["1"]
    engine.index("structures", [{"id": "2", "name": "Vannerie des Lônes"}])
    assert {hit.id for hit in engine.search("structures", asked).hits} == {"1", "2"}
    engine.delete("structures", ["1"])
    assert [hit.id for hit in engine.search("structures", asked).hits] == ["2"]
