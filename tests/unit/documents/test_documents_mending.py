"""Pages of a PDF made prose again, and the place of each page in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.documents.cleaning import clean
from annuaire.documents.mending import mended

FULL = "Le titulaire s'engage à réserver une part des heures de travail nécessaires à des"


@pytest.mark.parametrize(
    ("page", "prose"),
    [
        # Lines that only the margin ended.
        (f"{FULL}\npersonnes éloignées.", f"{FULL} personnes éloignées."),
        (f"{FULL}\nÉtablissements adaptés.", f"{FULL} Établissements adaptés."),
        (f"{FULL}\n350 heures.", f"{FULL} 350 heures."),
        # Words cut by their line, hyphens of their own kept.
        (f"{FULL} clauses d'inser-\ntion.", f"{FULL} clauses d'insertion."),
        ("la clause d'inser\ufffetion est due", "la clause d'insertion est due"),
        ("par sous\ufffetraitance et co\ufffetraitance", "par sous-traitance et cotraitance"),
        (f"{FULL} sous-\ntraitants.", f"{FULL} sous-traitants."),
        # Lines that end something.
        (
            "Article 4 - Conditions\nLe titulaire paie.",
            "Article 4 - Conditions\nLe titulaire paie.",
        ),
        (f"{FULL} :\nles personnes", f"{FULL} :\nles personnes"),
        (f"{FULL}\n- les personnes", f"{FULL}\n- les personnes"),
        (f"{FULL}\nLot n° 2 : vitrerie", f"{FULL}\nLot n° 2 : vitrerie"),
        (f"{FULL}\n4.2 Pénalités", f"{FULL}\n4.2 Pénalités"),
        (f"{FULL}\n2 Espaces verts", f"{FULL}\n2 Espaces verts"),
        ("LOT 1\nLe nettoyage", "LOT 1\nLe nettoyage"),
    ],
)
def test_lines_become_prose_where_only_the_margin_parted_them(page: str, prose: str) -> None:
    assert mended([page])[0] == prose


def test_a_sentence_goes_on_over_the_page_and_running_heads_are_read_once() -> None:
    pages = [f"VILLE D'ESSAI\n{FULL}\nPage {n} / 4" for n in (1, 2)]
    pages += [f"VILLE D'ESSAI\npersonnes éloignées de l'emploi.\nPage {n} / 4" for n in (3, 4)]
    text, starts = mended(pages)
    assert text.count("VILLE D'ESSAI") == 1
    assert text.count("Page") == 1
    assert f"{FULL} personnes éloignées" in text
    assert text[starts[3] :].startswith("personnes")


def test_a_lot_at_the_top_of_each_page_is_no_running_head() -> None:
    text, _ = mended([f"Lot n° {n}\nDescription {n}" for n in range(1, 6)])
    assert [f"Lot n° {n}" in text for n in range(1, 6)] == [True] * 5


def test_pages_without_text_have_their_place() -> None:
    text, starts = mended(["", "Deux", "", "Quatre", ""])
    assert text == "Deux\nQuatre"
    assert starts == (0, 0, 5, 5, len("Deux\nQuatre\n"))


@given(st.lists(st.text(alphabet="aÉ1 -.\n\ufffe(LotPage", max_size=60), max_size=6))
def test_any_pages_keep_their_letters_and_have_ordered_places(pages: list[str]) -> None:
    text, starts = mended(pages)
    assert len(starts) == max(1, len(pages))
    assert list(starts) == sorted(starts)
    assert {c for c in text if c.isalnum()} == {c for p in pages for c in p if c.isalnum()}


@given(st.text(max_size=80))
def test_cleaned_text_is_shown_and_stored_without_harm(text: str) -> None:
    shown = clean(text)
    assert clean(shown) == shown
    assert all(c in "\n\t" or c.isprintable() or c.isspace() or ord(c) > 127 for c in shown)
    shown.encode()
