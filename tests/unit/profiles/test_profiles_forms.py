"""What structures type is kept as it means, or refused by a sentence beside its field."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.areas import area_of
from annuaire.profiles.area_form import read_area, typed_area
from annuaire.profiles.cleaning import line, paragraphs
from annuaire.profiles.fields import FIELDS
from annuaire.profiles.forms import FORMS
from annuaire.profiles.reading import read, typed

DAY = date(2026, 11, 28)
LILLE = (50.633, 3.058)


def polygon(*corners: tuple[float, float]) -> str:
    """A GeoJSON ring, longitude first, closed."""
    return json.dumps({"type": "Polygon", "coordinates": [[*corners, corners[0]]]})


def sent(**answers: str | list[str]) -> dict[str, list[str]]:
    return {name: [value] if isinstance(value, str) else value for name, value in answers.items()}


@pytest.mark.parametrize(
    ("typed_text", "kept"),
    [
        ("Jean\u202e cod\u200be \x07 fin", "Jean code fin"),
        ("a\xa0: b\u202f!", "a : b !"),
        ("<b>Gras</b> & <script>alert(1)</script>fin", "Gras & fin"),
        ("moins de 5 < 6 m²", "moins de 5 < 6 m²"),
        ("e\u0301te\u0301", "été"),
        ("\u2066\u2069\ufeff", ""),
    ],
)
def test_text_is_kept_without_what_cannot_be_seen(typed_text: str, kept: str) -> None:
    assert line(typed_text) == kept


def test_lines_of_a_text_are_kept() -> None:
    assert paragraphs("un\r\n\r\n\r\n\r\ndeux \n trois") == "un\n\ndeux\ntrois"


@given(st.text(max_size=200))
def test_cleaned_text_is_clean(text: str) -> None:
    cleaned = paragraphs(text)
    assert all(c == "\n" or c.isprintable() for c in cleaned)
    assert "<script" not in cleaned.lower()


LEAF = taxonomy().leaves[0].code


@pytest.mark.parametrize(
    ("subject", "answers", "values"),
    [
        ("presentation", sent(nom_usage=" Le  Jardin ", facons=["service", "service"]),
         {"brand": "Le Jardin", "ways": ["service"], "description": None}),
        ("activites", sent(activites=[LEAF], offres="Tonte\n\n Taille de haies "),
         {"activities": [LEAF], "offers": ["Tonte", "Taille de haies"]}),
        ("moyens", sent(mobilisables="0", montant_max="25 000,50 €", disponible="oui"),
         {"people": 0, "amount_max": 25_000.5, "available": "oui", "available_on": "2026-11-28"}),
        ("moyens", sent(disponible=""), {"available": None, "available_on": None}),
        ("references",
         {"references-4-objet": ["Tonte"], "references-4-annee": ["2026"],
          "references-1-objet": ["Propreté"], "references-1-client": ["Ville"],
          "references-1-accord": ["oui"], "references-7-accord": ["oui"]},
         {"references": [{"title": "Propreté", "client": "Ville", "agreed": True},
                         {"title": "Tonte", "year": 2026}]}),
        ("qualifications", sent(reseaux="Réseau A\nRéseau B") | {
            "qualifications-0-nom": ["Qualipropre"], "qualifications-0-fin": ["31/12/2027"]},
         {"networks": ["Réseau A", "Réseau B"],
          "qualifications": [{"name": "Qualipropre", "until": "2027-12-31"}]}),
        ("contacts", sent(telephone="03 20 00 00 00", site="exemple.fr"),
         {"phone": "+33320000000", "website": "https://exemple.fr", "email": None}),
    ],
)  # fmt: skip
def test_answers_are_kept_and_shown_again(
    subject: str, answers: dict[str, list[str]], values: dict[str, Any]
) -> None:
    found, errors = read(subject, answers, DAY)
    assert errors == []
    assert found is not None
    assert {name: found[name] for name in values} == values
    again, _ = read(subject, _as_sent(typed(subject, found, DAY)), DAY)
    assert again == found


def _as_sent(shown: dict[str, Any]) -> dict[str, list[str]]:
    """What a browser sends of a form that shows these values."""
    answers: dict[str, list[str]] = {}
    for key, value in shown.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                answers |= {f"{key}-{number}-{k}": [str(v)] for k, v in row.items()}
        else:
            answers[key] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
    return answers


@pytest.mark.parametrize(
    ("subject", "answers", "field", "said"),
    [
        ("presentation", sent(nom_usage="a" * 121), "nom_usage", "120 au plus"),
        ("presentation", sent(nom_usage="\u200b"), "nom_usage", "rien de lisible"),
        ("presentation", sent(facons="magie"), "facons", "liste"),
        ("activites", sent(activites=["x"] * 500), "activites", "500 activités sont cochées"),
        ("activites", sent(activites="magie"), "activites", "n’existe pas"),
        ("activites", sent(offres=["a\n" * 30]), "offres", "20 offres au plus"),
        ("moyens", sent(mobilisables="-1"), "mobilisables", "de 0 à"),
        ("moyens", sent(delai="1,5"), "delai", "entier"),
        ("moyens", sent(montant_min="beaucoup"), "montant_min", "25 000"),
        ("moyens", sent(montant_min="9000", montant_max="10"), "montant_max", "inférieur"),
        ("moyens", sent(partenaires="EI"), "partenaires", "co-traiter"),
        ("references", sent(**{"references-2-client": "X"}), "references-0-objet", "la ligne"),
        ("references", sent(**{"references-2-objet": "X", "references-2-client": "Y"}),
         "references-0-accord", "d’accord"),
        ("references", sent(**{"references-0-objet": "X", "references-0-annee": "2027"}),
         "references-0-annee", "pas encore commencée"),
        ("references", sent(**{f"references-{n}-objet": "X" for n in range(40)}),
         "references", "30 références au plus"),
        ("qualifications", sent(**{"qualifications-0-nom": "Q", "qualifications-0-depuis":
                                   "2027-01-01"}), "qualifications-0-depuis", "avenir"),
        ("qualifications", sent(**{"qualifications-0-nom": "Q", "qualifications-0-fin":
                                   "31/02/2027"}), "qualifications-0-fin", "31/05/2026"),
        ("contacts", sent(telephone="0320"), "telephone", "incomplet"),
        ("contacts", sent(courriel="a@b.fr\r\nBcc: c@d.fr"), "courriel", "fausse"),
        ("contacts", sent(site="javascript:alert(1)"), "site", "http://"),
        ("contacts", sent(site="ftp://exemple.fr"), "site", "http://"),
        ("contacts", sent(**{"personnes-0-nom": "A", "personnes-0-telephone": "12"}),
         "personnes-0-telephone", "incomplet"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_beside_its_field(
    subject: str, answers: dict[str, list[str]], field: str, said: str
) -> None:
    found, errors = read(subject, answers, DAY)
    assert found is None
    assert field in {error.field for error in errors}
    assert any(said in error.message for error in errors)


@given(
    st.sampled_from(sorted(FORMS)),
    st.dictionaries(
        st.sampled_from(
            ["nom_usage", "activites", "offres", "mobilisables", "montant_min",
             "references-0-objet",
             "references-0-annee", "references-99999-objet", "qualifications-0-fin", "telephone",
             "site", "personnes-0-courriel", "facons", "disponible"]
        ),
        st.lists(st.text(max_size=60), max_size=3),
        max_size=8,
    ),
)  # fmt: skip
def test_any_form_is_read_or_refused(subject: str, answers: dict[str, list[str]]) -> None:
    found, errors = read(subject, answers, DAY)
    assert (found is None) == bool(errors)
    assert all(error.message for error in errors)


@pytest.mark.parametrize(
    ("answers", "area"),
    [
        (sent(rayon="50"), {"radius_km": 50.0}),
        (sent(rayon="12,5", centre="Roubaix"),
         {"radius_km": 12.5, "centre": [50.6879, 3.1888], "centre_label": "Roubaix (59)"}),
        (sent(lieux="Nord\nBretagne\nLille\n59100"),
         {"departements": ["59"], "regions": ["53"], "communes": ["59350", "59512"]}),
        (sent(france="oui"), {"country": True}),
        (sent(contour=polygon((3, 50.5), (3.2, 50.5), (3.2, 50.7))),
         {"ring": [[50.5, 3.0], [50.5, 3.2], [50.7, 3.2]]}),
        (sent(contour=polygon((55.2, -21.4), (55.9, -21.4), (55.5, -20.8))),
         {"ring": [[-21.4, 55.2], [-21.4, 55.9], [-20.8, 55.5]]}),
        (sent(contour=polygon((3, 50.5), (3.2, 50.5), (3.2, 50.7)), sans_contour="oui"), None),
        ({}, None),
    ],
)  # fmt: skip
def test_area_is_read_and_shown_again(answers: dict[str, list[str]], area: Any) -> None:
    values, errors = read_area(answers, LILLE)
    assert errors == []
    assert values is not None
    found = values["area"]
    if found and "centre" in found:
        found["centre"] = [round(n, 4) for n in found["centre"]]
        area["centre"] = found["centre"]
    assert found == area
    again, _ = read_area({k: [v] for k, v in typed_area(values).items()}, LILLE)
    assert area_of(again["area"] if again else None) is None or again


@pytest.mark.parametrize(
    ("answers", "own", "field", "said"),
    [
        (sent(rayon="5", centre="point:48.0,-5.9"), LILLE, "rayon", "en mer"),
        (sent(rayon="50", centre="point:0,-30"), LILLE, "centre", "trop loin"),
        (sent(rayon="0"), LILLE, "rayon", "de 1 à 300"),
        (sent(rayon="1e9"), LILLE, "rayon", "de 1 à 300"),
        (sent(rayon="50"), None, "centre", "autour de quel lieu"),
        (sent(centre="Lille"), LILLE, "rayon", "rayon en kilomètres"),
        (sent(lieux="Lille\nAtlantide"), LILLE, "lieux", "Atlantide"),
        (sent(lieux="Lille\n" * 300), LILLE, "lieux", "200 au plus"),
        (sent(contour="{"), LILLE, "contour", "pas pu être lu"),
        (sent(contour="[" * 20_001), LILLE, "contour", "pas pu être lu"),
        (sent(contour='{"type": "Polygon", "coordinates": [[[NaN, 1]]]}'), LILLE, "contour", "lu"),
        (sent(contour='{"type": "Point", "coordinates": [3, 50]}'), LILLE, "contour", "lu"),
        (sent(contour=polygon((3, 95), (3.2, 50.5), (3.2, 50.7))), LILLE, "contour", "lu"),
        (
            sent(contour=polygon((3, 50.5), (3.2, 50.5), (3, 50.5))),
            LILLE,
            "contour",
            "trois sommets",
        ),
        (sent(contour=polygon((3, 50), (4, 51), (4, 50), (3, 51))), LILLE, "contour", "se croise"),
        (sent(contour=polygon((3, 50), (3.5, 50), (4, 50))), LILLE, "contour", "en un trait"),
        (sent(contour=polygon((-3.5, 46), (-3, 46), (-3, 46.5))), LILLE, "contour", "en mer"),
        (sent(contour=polygon((3, 50), (20, 50), (3, 51))), LILLE, "contour", "Le sommet 2 est à"),
        (
            sent(contour=polygon(*((3 + n / 1e3, 50) for n in range(101)))),
            LILLE,
            "contour",
            "100 au",
        ),
        (
            sent(contour='{"type":"Polygon","coordinates":[[[3,50],[4,50],[4,51]],[[3,50]]]}'),
            LILLE,
            "contour",
            "sans trou",
        ),
    ],
)
def test_area_that_covers_nothing_is_refused(
    answers: dict[str, list[str]], own: tuple[float, float] | None, field: str, said: str
) -> None:
    values, errors = read_area(answers, own)
    assert values is None
    assert [(error.field, said in error.message) for error in errors] == [(field, True)]


def test_every_field_has_one_page() -> None:
    names = [field.name for field in FIELDS]
    assert len(set(names)) == len(names)
    for subject, form in FORMS.items():
        known = {field.name for field in FIELDS if field.subject == subject}
        assert set(form(DAY).fields) <= known
