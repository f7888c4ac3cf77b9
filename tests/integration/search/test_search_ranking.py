"""The table of what comes first (search/ranking.py), case by case, whichever engine answers."""

from typing import Any

import pytest

from search.engine import Engine, Query

HERE = (45.75, 4.85)


def structure(id_: str, **values: Any) -> dict[str, Any]:
    return {"id": id_, "name": f"Maison {id_}", "active": "oui", "completeness": 0.5, **values}


AT = {"lat": HERE[0], "lon": HERE[1]}
FAR = {"lat": 48.85, "lon": 2.35}
TRADE = {"activity_words": ["menuiserie"]}

CASES: list[tuple[str, Query, list[dict[str, Any]]]] = [
    ("the whole name, before a longer one", Query("menuiserie du lac"),
     [structure("a", name="Menuiserie du Lac"),
      structure("b", name="Menuiserie du Lac et des Monts")]),
    ("the name, before the activity", Query("menuiserie"),
     [structure("a", name="La Menuiserie"), structure("b", **TRADE)]),
    ("the activity, before the description", Query("menuiserie"),
     [structure("a", **TRADE), structure("b", description="Ancienne menuiserie.")]),
    ("the activity, before the town", Query("mercurey"),
     [structure("a", activity_words=["mercurey"]), structure("b", city="Mercurey-le-Haut")]),
    ("the word as typed, before a plural", Query("menuiserie"),
     [structure("a", **TRADE), structure("b", activity_words=["menuiseries"])]),
    ("the word as typed, before a typo", Query("menuiserie"),
     [structure("a", **TRADE), structure("b", activity_words=["menuisserie"])]),
    ("the word itself, before its synonym", Query("jardinage"),
     [structure("a", activity_words=["jardinage"]),
      structure("b", activity_words=["espaces verts"])]),
    ("near, before far", Query("menuiserie", origin=HERE),
     [structure("a", **TRADE, **AT), structure("b", **TRADE, **FAR)]),
    ("near, before a more complete one that is far", Query("menuiserie", origin=HERE),
     [structure("a", **TRADE, **AT, completeness=0.0),
      structure("b", **TRADE, **FAR, completeness=1.0)]),
    ("far with the right trade, before near with another word", Query("menuiserie", origin=HERE),
     [structure("a", **TRADE, **FAR),
      structure("b", description="Ancienne menuiserie.", **AT)]),
    ("a status held today, before one that ended", Query("menuiserie"),
     [structure("a", **TRADE), structure("b", **TRADE, active="non")]),
    ("a status held today, before a more complete one whose status ended", Query("menuiserie"),
     [structure("a", **TRADE, completeness=0.0),
      structure("b", **TRADE, active="non", completeness=1.0)]),
    ("a complete profile, before a poor one", Query("menuiserie"),
     [structure("a", **TRADE, completeness=1.0), structure("b", **TRADE, completeness=0.1)]),
    ("a complete profile does not pass a better text", Query("menuiserie"),
     [structure("a", **TRADE, completeness=0.0),
      structure("b", description="Ancienne menuiserie.", completeness=1.0)]),
    ("without text: what is valid and complete", Query(),
     [structure("a", completeness=1.0), structure("b", completeness=0.0),
      structure("c", active="non", completeness=1.0)]),
]  # fmt: skip


@pytest.mark.parametrize(("query", "documents"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
def test_what_comes_first(engine: Engine, query: Query, documents: list[dict[str, Any]]) -> None:
    expected = [document["id"] for document in documents]
    engine.index("structures", reversed(documents))
    assert [hit.id for hit in engine.search("structures", query).hits] == expected


def test_equals_come_first_in_turn(engine: Engine) -> None:
    engine.index("structures", [structure(f"s{n}", **TRADE) for n in range(12)])
    first = {
        engine.search("structures", Query("menuiserie", day=f"2026-03-{day:02d}")).hits[0].id
        for day in range(1, 8)
    }
    assert len(first) > 3
