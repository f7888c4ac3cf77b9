"""Stored documents come back as they were given, whatever their texts say."""

from pathlib import Path

import pytest

from search.embedded import EmbeddedEngine
from search.engine import Query


@pytest.mark.parametrize(
    "said", ["Jardins du Val", ',"texts":{"name":"x"}', '\\","texts":', "é « œ » \\", '{"a": 1}']
)
def test_a_document_comes_back_whatever_its_words(tmp_path: Path, said: str) -> None:
    engine = EmbeddedEngine(tmp_path)
    document = {"id": "7", "name": "Essai", "description": said, "activity_words": [said, "haies"]}
    held = {"name": said, "told": {"texts": said}, "kinds": ["EI"]}
    engine.index("structures", [{**document, "_stored": held}])
    for highlight in (False, True):
        (hit,) = engine.search("structures", Query("essai", highlight=highlight)).hits
        assert hit.document == {**held, "id": "7"}
        assert hit.texts == {
            "name": "Essai",
            "description": said,
            "activity_words": [said, "haies"],
        }
