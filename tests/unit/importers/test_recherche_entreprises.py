"""Answers of the companies' search: what is kept of them, and what never is."""

import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.bench.files import invented_siret
from annuaire.structures.records import Known, StructureRecord
from importers.files.fields import Warnings
from importers.rows import InvalidRow, UnreadableFile
from importers.sources.recherche_entreprises import read
from importers.sources.recherche_entreprises.results import answer_of, of_result
from tests.factories.services import company, office

HEAD, BRANCH = invented_siret(1), invented_siret(1)[:9] + "00029"
FINESS = "590000018"
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


def shown(*offices: dict[str, Any], matching: int = 1, **changes: Any) -> dict[str, Any]:
    """A company as an answer has it, the last `matching` of its establishments having matched."""
    one = company(*offices, **changes)
    one.pop("establishments")
    return one | {"matching_etablissements": list(offices[-matching:]) if matching else []}


def asked(number: str, *results: dict[str, Any]) -> StructureRecord:
    record = answer_of(number, {"results": list(results)}, [])
    assert record
    return record


def test_a_siret_is_answered_by_that_establishment() -> None:
    branch = office(BRANCH, est_siege=False, tranche_effectif_salarie="02", liste_enseignes=None)
    record = asked(BRANCH, shown(office(HEAD), branch))
    assert (record.source_key, record.siret, record.head_office) == (BRANCH, BRANCH, False)
    assert (record.employees_range, record.brand) == ("3 à 5 salariés", None)
    assert (record.name, record.statuses) == ("ASSOCIATION DU SPECIMEN", ())
    assert (record.address, record.postcode, record.city) == ("12 RUE DES ESSAIS", "59000", "Lille")
    assert (record.lat, record.lon, record.geo_precision) == (50.632, 3.06, "number")
    assert (record.naf, record.open, record.ess) == ("8121Z", True, True)
    assert record.extra == {
        "categorie_juridique": "9220",
        "categorie_entreprise": "PME",
        "type_siae": "['EI']",
        "complements": "est_association, est_ess, est_siae",
    }


def test_a_siret_that_did_not_match_is_found_as_the_head_office() -> None:
    assert asked(HEAD, shown(office(HEAD), matching=0)).head_office is True


def test_a_siren_is_answered_by_the_head_office_and_the_state_of_the_company() -> None:
    one = shown(
        office(HEAD, etat_administratif="F"), matching=0,
        etat_administratif="C", date_fermeture="2026-02-01",
    )  # fmt: skip
    record = asked(f"siren:{HEAD[:9]}", one)
    assert (record.siret, record.siren, record.city) == (None, HEAD[:9], "Lille")
    assert (record.open, record.closed_on) == (False, date(2026, 2, 1))
    assert record.head_office is None


@pytest.mark.parametrize("number", [BRANCH, f"siren:{invented_siret(2)[:9]}", f"finess:{FINESS}"])
def test_a_number_that_is_not_there_is_not_known(number: str) -> None:
    assert answer_of(number, {"results": []}, []) is None
    assert answer_of(number, {"results": [shown(office(HEAD))]}, []) is None


def test_a_finess_number_gives_the_siret_that_carries_it() -> None:
    branch = office(BRANCH, liste_finess=[FINESS, "590000026"])
    record = asked(f"finess:{FINESS}", shown(office(HEAD), branch))
    assert (record.source_key, record.siret, record.finess) == (BRANCH, BRANCH, FINESS)
    assert record.extra["liste_finess"] == "590000018, 590000026"


def test_of_two_sirets_with_one_finess_number_the_open_one_is_taken() -> None:
    old = office(HEAD, liste_finess=[FINESS], etat_administratif="F")
    new = office(BRANCH, liste_finess=[FINESS])
    assert asked(f"finess:{FINESS}", shown(old, new, matching=2)).siret == BRANCH


def test_two_open_sirets_with_one_finess_number_are_not_guessed() -> None:
    places = (office(HEAD, liste_finess=[FINESS]), office(BRANCH, liste_finess=[FINESS]))
    warnings: Warnings = []
    answer = {"results": [shown(*places, matching=2)]}
    assert answer_of(f"finess:{FINESS}", answer, warnings) is None
    assert [w.code for w in warnings] == ["ambigu"]


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, "ASSOCIATION DU SPECIMEN"),
        ({"nature_juridique": "1000", "nom_raison_sociale": "JEANNE ESSAI"}, ""),
        ({"nature_juridique": None, "nom_raison_sociale": "JEANNE ESSAI"}, ""),
        ({"complements": {"est_entrepreneur_individuel": True}}, ""),
        ({"complements": None}, ""),
        ({"statut_diffusion": "P"}, ""),
        ({"nom_raison_sociale": "[NON-DIFFUSIBLE]"}, ""),
    ],
)
def test_the_name_of_a_natural_person_is_not_kept(changes: dict[str, Any], kept: str) -> None:
    record = asked(HEAD, shown(office(HEAD), **changes))
    assert record.name == kept
    leaders = [{"nom": "ESSAI", "prenoms": "JEANNE", "type_dirigeant": "personne physique"}]
    told = json.dumps(
        asked(
            HEAD,
            shown(office(HEAD), **changes, dirigeants=leaders, nom_complet="JEANNE ESSAI"),
        ).as_data()
    )
    assert "JEANNE" not in told


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"statut_diffusion_etablissement": "P", "adresse": "[NON-DIFFUSIBLE]",
          "code_postal": "[NON-DIFFUSIBLE]", "liste_enseignes": ["[NON-DIFFUSIBLE]"]},
         {"address": None, "city": None, "lat": None, "brand": None, "naf": "8121Z",
          "open": True}),
        ({"etat_administratif": "F", "date_fermeture": "2026-06-30"},
         {"open": False, "closed_on": date(2026, 6, 30), "employees_range": None}),
        ({"etat_administratif": None}, {"open": None, "closed_on": None}),
        ({"tranche_effectif_salarie": None}, {"employees_range": None}),
        ({"tranche_effectif_salarie": "NN"}, {"employees_range": None}),
        ({"activite_principale": None}, {"naf": None}),
        ({"latitude": None, "longitude": None}, {"geo_precision": "commune"}),
        ({"latitude": "0.0", "longitude": "0.0"}, {"geo_precision": "commune"}),
        ({"adresse": "LES ESSAIS 59000 LILLE"},
         {"address": "LES ESSAIS", "geo_precision": "street"}),
        ({"adresse": "59000 LILLE"}, {"address": None}),
        ({"adresse": "12 RUE DES ESSAIS 59020 LILLE CEDEX"}, {"address": "12 RUE DES ESSAIS"}),
        ({"commune": None, "code_postal": None, "libelle_commune": None, "adresse": "BRUXELLES"},
         {"address": None, "departement": None, "open": True}),
        ({"liste_enseignes": None, "nom_commercial": "LE SPECIMEN"}, {"brand": "LE SPECIMEN"}),
        ({"liste_finess": [FINESS]}, {"finess": FINESS}),
        ({"liste_finess": [FINESS, "590000026"]}, {"finess": None}),
    ],
)  # fmt: skip
def test_cases_of_an_establishment(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    record = asked(HEAD, shown(office(HEAD, **changes)))
    assert {name: getattr(record, name) for name in expected} == expected


def test_being_of_the_ess_is_only_told_when_it_is_so() -> None:
    record = asked(HEAD, shown(office(HEAD), complements={"est_ess": False}))
    assert record.ess is None


def test_saved_pages_tell_of_known_structures_alone(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    pages = [
        {"results": [shown(office(HEAD), office(BRANCH))], "total_results": 1},
        {"results": [shown(office(invented_siret(2)))]},
        {"results": [shown(office(HEAD))]},
    ]
    path.write_text("\n".join(json.dumps(page) for page in pages), encoding="utf-8")
    rows = list(read(path, Known(frozenset({HEAD, BRANCH}))))
    assert sorted(row.record.siret or "" for row in rows if row.record) == [HEAD, BRANCH]


def check(number: str, answer: Any) -> None:
    warnings: Warnings = []
    try:
        record = answer_of(number, answer, warnings)
    except InvalidRow:
        return
    if record:
        assert record.statuses == ()
        assert (record.siret or record.siren or "")[:9].isdigit()
        assert (record.lat is None) == (record.geo_precision is None)


@pytest.mark.parametrize("number", [HEAD, f"siren:{HEAD[:9]}", f"finess:{FINESS}"])
@given(answer=ANY_JSON)
def test_any_answer(number: str, answer: Any) -> None:
    check(number, answer)
    check(number, {"results": answer})
    check(number, {"results": [answer]})


@given(st.sampled_from(sorted(company(office(HEAD)))), ANY_JSON)
def test_any_value_of_a_company(name: str, value: Any) -> None:
    one = shown(office(HEAD, liste_finess=[FINESS])) | {name: value}
    for number in (HEAD, f"siren:{HEAD[:9]}", f"finess:{FINESS}"):
        check(number, {"results": [one]})


@given(st.sampled_from(sorted(office(HEAD))), ANY_JSON)
def test_any_value_of_an_establishment(name: str, value: Any) -> None:
    one = shown(office(HEAD, liste_finess=[FINESS]) | {name: value}) if name != "siret" else {}
    for number in (HEAD, f"siren:{HEAD[:9]}", f"finess:{FINESS}"):
        check(number, {"results": [one]})


@given(
    st.sampled_from([b"", b'{"results": [', json.dumps(shown(office(HEAD))).encode()]),
    st.binary(max_size=200),
)
def test_any_bytes_of_a_saved_answer(start: bytes, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.json"
        path.write_bytes(start + data)
        try:
            rows = list(read(path, Known(frozenset({HEAD}))))
        except UnreadableFile:
            return
    assert all(row.record is None or row.refusal is None for row in rows)


def test_a_result_without_a_siren_is_no_result() -> None:
    with pytest.raises(InvalidRow):
        of_result({"siege": {}}, Known(), [])
