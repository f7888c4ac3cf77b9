"""The data files of the taxonomy hold together, and the taxonomy answers what pages ask."""

import json
import tomllib
from pathlib import Path

import pytest

from annuaire.activities import cpv, naf
from annuaire.activities.crosswalk import leaves_of, peer_sectors, sector_names
from annuaire.activities.lexicon import subjects
from annuaire.activities.taxonomy import (
    DATA,
    Activity,
    Group,
    proximity,
    search_words,
    taxonomy,
)
from annuaire.activities.text import fold, stems

EVERY_LEAF = (*taxonomy().leaves, *taxonomy().outside)
CODES = {leaf.code for leaf in EVERY_LEAF}


def _toml(name: str) -> dict[str, object]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def test_codes_are_unique_among_groups_and_leaves() -> None:
    every = [leaf.code for leaf in EVERY_LEAF] + [group.code for group in taxonomy().groups]
    assert len(every) == len(set(every))


@pytest.mark.parametrize("leaf", EVERY_LEAF, ids=lambda leaf: leaf.code)
def test_leaf_has_label_words_and_known_codes(leaf: Activity) -> None:
    assert leaf.label
    assert leaf.strong or leaf.words
    assert [prefix for prefix in leaf.cpv if not cpv.is_known(prefix.ljust(8, "0"))] == []
    assert [code for code in leaf.naf if not naf.is_known(code) or len(code) != 5] == []


@pytest.mark.parametrize("leaf", EVERY_LEAF, ids=lambda leaf: leaf.code)
def test_every_phrase_of_a_leaf_can_be_read(leaf: Activity) -> None:
    for phrase in (*leaf.strong, *leaf.words, *leaf.weak, *leaf.general):
        parts = [stems(part) for part in phrase.split("+")]
        assert all(parts), phrase


def test_no_strong_word_belongs_to_three_leaves() -> None:
    owners: dict[tuple[str, ...], set[str]] = {}
    for leaf in EVERY_LEAF:
        for phrase in leaf.strong:
            owners.setdefault(tuple(stems(phrase)), set()).add(leaf.code)
    assert {roots: leaves for roots, leaves in owners.items() if len(leaves) > 2} == {}


def test_no_leaf_counts_a_phrase_twice() -> None:
    twice = [
        (leaf.code, phrase)
        for leaf in EVERY_LEAF
        for phrase in leaf.strong
        if phrase in (*leaf.words, *leaf.weak, *leaf.general)
    ]
    assert twice == []


def test_data_files_name_known_leaves() -> None:
    near = [leaf for row in _toml("near.toml")["near"] for leaf in row["leaves"]]  # type: ignore[attr-defined]
    named = [leaf for leaves in _toml("names.toml")["words"].values() for leaf in leaves]  # type: ignore[attr-defined]
    subject = [leaf for leaves in subjects().values() for leaf in leaves]
    assert set(near + named + subject) - CODES == set()


def test_acts_name_known_groups_or_leaves() -> None:
    known = CODES | {leaf.group for leaf in EVERY_LEAF}
    rows = _toml("acts.toml")["act"]
    named = {n for row in rows for n in row.get("keeps", []) + row.get("drops", [])}  # type: ignore[attr-defined]
    assert named - known == set()


def test_every_leaf_has_one_to_three_peer_sectors() -> None:
    assert [c for c in (leaf.code for leaf in taxonomy().leaves) if not peer_sectors(c)] == []
    assert all(len(peer_sectors(leaf.code)) <= 3 for leaf in taxonomy().leaves)


def test_crosswalk_covers_every_sector_of_the_peer(shared_data: Path) -> None:
    rows = json.loads((shared_data / "directories/le-marche/0c_sectors.json").read_text("utf-8"))
    assert set(sector_names()) == {row["fields"]["name"] for row in rows}


def test_crosswalk_goes_both_ways() -> None:
    assert leaves_of("Blanchisserie") == ("blanchisserie",)
    assert leaves_of("inconnu") == peer_sectors("inconnu") == ()


def test_taxonomy_answers_groups_leaves_and_labels() -> None:
    tree = taxonomy()
    assert len(tree.groups) == 20
    assert [group.order for group in tree.groups] == sorted(group.order for group in tree.groups)
    assert isinstance(tree.get("proprete"), Group)
    assert "nettoyage-locaux" in [leaf.code for leaf in tree.children("proprete")]
    assert tree.label("nettoyage-locaux") == "Nettoyage de locaux et de bureaux"
    assert tree.group_of("nettoyage-locaux") == tree.group_of("proprete") == "proprete"


def test_unknown_code_breaks_nothing() -> None:
    tree = taxonomy()
    assert tree.get("inconnu") is None
    assert tree.label("inconnu") == "inconnu"
    assert tree.children("inconnu") == tree.children("nettoyage-locaux") == ()
    assert tree.group_of("inconnu") is None
    assert search_words("inconnu") == []
    assert proximity("inconnu", "inconnu") == 0.0


def test_purchases_outside_are_not_shown() -> None:
    assert all(taxonomy().get(leaf.code) is None for leaf in taxonomy().outside)


def test_search_words_hold_label_and_phrases() -> None:
    found = search_words("blanchisserie")
    assert found[0] == "Blanchisserie, location et entretien du linge"
    assert "location de linge" in found
    assert not [word for word in found if "+" in word]
    assert "location de linge" in search_words("linge")


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("blanchisserie", "blanchisserie", 1.0),
        ("espaces-verts-entretien", "espaces-verts-creation", 0.8),
        ("espaces-verts-creation", "espaces-verts-entretien", 0.8),
        ("recyclage-deee", "dechets-deee", 0.8),
        ("peinture", "demolition", 0.4),
        ("linge", "blanchisserie", 0.4),
        ("blanchisserie", "peinture", 0.0),
    ],
)
def test_proximity_follows_declared_then_group(a: str, b: str, expected: float) -> None:
    assert proximity(a, b) == expected


def test_fold_spells_out_accents_and_ligatures() -> None:
    assert fold("Œuvre d’Été") == "oeuvre d'ete"
