"""Trades that structures declare in words, and what their presentations say: tables of cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.activities.classify import from_description
from annuaire.activities.declared import read_declared
from annuaire.activities.inferring import DECLARED_WEIGHT, infer
from annuaire.activities.taxonomy import taxonomy


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Blanchisserie ; entretien d'espaces verts, traiteur",
         ("blanchisserie", "espaces-verts-entretien", "traiteur")),
        ("ESPACES VERTS / MENUISERIE / BLANCHISSERIE",
         ("espaces-verts-entretien", "menuiserie", "blanchisserie")),
        ("Imprimerie - Reprographie - Mailing", ("impression", "secretariat-mailing")),
        ("Entretien de locaux (bureaux, vitres)", ("nettoyage-locaux",)),
        ("Sous-traitance", ("sous-traitance-industrielle",)),
        ("Montage électrique", ("sous-traitance-industrielle",)),
        ("Travaux administratifs", ("secretariat-mailing",)),
        ("Mise sous pli", ("secretariat-mailing",)),
        ("Horticulture, maraîchage", ("horticulture", "maraichage")),
        ("Apiculture", ("apiculture",)),
        ("", ()),
    ],
)  # fmt: skip
def test_declared_trades_are_activities(cell: str, codes: tuple[str, ...]) -> None:
    assert read_declared([cell]).codes == codes


def test_trade_named_as_the_taxonomy_or_the_peer_does_is_that_very_one() -> None:
    for leaf in taxonomy().leaves:
        assert leaf.code in read_declared([leaf.label.replace(",", " ")]).codes or "," in leaf.label
    assert read_declared(["Blanchisserie", "blanchisserie"]).codes == ("blanchisserie",)


@pytest.mark.parametrize("cell", ["Divers", "Prestations de services", "Autre activité"])
def test_words_that_say_no_trade_are_kept_unread(cell: str) -> None:
    found = read_declared([cell])
    assert (found.codes, found.unread) == ((), (cell,))


@given(st.lists(st.text(max_size=200), max_size=5))
def test_any_words_give_known_codes(cells: list[str]) -> None:
    assert all(taxonomy().get(code) for code in read_declared(cells).codes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Atelier chantier d'insertion dans le maraîchage biologique", "maraichage"),
        ("Métiers de la propreté et des espaces verts.", "nettoyage-locaux"),
        ("Nos activités : entretien des espaces verts et second œuvre.", "espaces-verts-entretien"),
        ("Agence de travail temporaire d'insertion.", "ressources-humaines"),
        ("Une ressourcerie de quartier.", "recyclage-mobilier"),
    ],
)
def test_presentation_names_a_trade(text: str, code: str) -> None:
    assert code in [guess.code for guess in from_description(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Association conventionnée par l'État, accompagnement socioprofessionnel.",
        "L'association est agréée et accueille des personnes éloignées de l'emploi.",
        "",
    ],
)
def test_mission_is_no_trade(text: str) -> None:
    assert from_description(text) == []


@given(st.text(max_size=300), st.sampled_from([None, "8121Z", "9499Z"]), st.text(max_size=300))
def test_any_guess_weighs_less_than_a_declaration(
    name: str, naf: str | None, description: str
) -> None:
    for code, guess in infer(name, naf, description).items():
        assert code == guess.code
        assert 0 < guess.weight < DECLARED_WEIGHT
        assert guess.evidence
