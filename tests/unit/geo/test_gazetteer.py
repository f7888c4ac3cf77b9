"""Codes, names and postcodes of France, overseas included."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.geo.gazetteer import (
    Commune,
    departement_of_postcode,
    find_commune,
    gazetteer,
    normalise_departement,
)


def test_gazetteer_holds_the_whole_country() -> None:
    places = gazetteer()
    assert 34_500 < len(places.communes) < 35_500
    assert len(places.arrondissements) == 20 + 9 + 16
    assert len([d for d in places.departements if d.code < "975" or d.code == "976"]) == 101
    assert 67_000_000 < sum(c.population for c in places.communes) < 71_000_000


def test_every_reference_between_records_is_known() -> None:
    places = gazetteer()
    for commune in (*places.communes, *places.arrondissements):
        assert places.departement(commune.departement), commune
        assert commune.epci is None or places.epci(commune.epci), commune
        assert commune.ept is None or places.epci(commune.ept), commune
        assert commune.city is None or places.commune(commune.city), commune
    assert all(places.region(d.region) for d in places.departements)
    assert all(places.communes_of_epci(e.siren) for e in places.epcis)


def test_coordinates_miss_only_in_remote_collectivities() -> None:
    missing = {c.departement for c in gazetteer().communes if c.lat is None or c.lon is None}
    assert missing <= {"984", "987", "988", "989"}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("69123", "Lyon"),
        ("69383", "Lyon 3e Arrondissement"),
        ("2a004", "Ajaccio"),
        ("97411", "Saint-Denis"),
        ("50602", "Cherbourg-en-Cotentin"),  # Tourlaville, merged in 2016
        ("97127", "Saint-Martin"),  # its code while it was in Guadeloupe
        ("00000", None),
        ("", None),
    ],
)
def test_commune_is_found_by_code(code: str, name: str | None) -> None:
    commune = gazetteer().commune(code)
    assert (commune.name if commune else None) == name


def test_communes_of_a_postcode_come_most_populated_first() -> None:
    served = gazetteer().communes_by_postcode("01400")
    assert served[0].name == "Châtillon-sur-Chalaronne"
    assert [c.population for c in served] == sorted((c.population for c in served), reverse=True)
    assert gazetteer().communes_by_postcode("99999") == ()


def test_centre_of_paris_follows_the_postcode() -> None:
    paris = gazetteer().commune("75056")
    assert paris is not None
    lat, lon = gazetteer().centre_of(paris, "75020") or (0, 0)
    assert lat == pytest.approx(48.865, abs=0.02)
    assert lon == pytest.approx(2.40, abs=0.02)
    assert gazetteer().centre_of(paris) != (lat, lon)


@pytest.mark.parametrize(
    ("text", "postcode", "expected"),
    [
        ("3", None, "03"),
        ("03", None, "03"),
        ("069", None, "69"),
        ("2a", None, "2A"),
        ("02B", None, "2B"),
        ("974", None, "974"),
        ("9D", None, "974"),  # FINESS
        ("59 - Nord", None, "59"),
        ("Nord", None, "59"),
        ("COTES D'ARMOR", None, "22"),
        ("20", None, None),
        ("20", "20090", "2A"),
        ("20", "20200", "2B"),
        ("96", None, None),
        ("99", None, None),
        ("69123", None, None),
        ("", None, None),
    ],
)
def test_normalise_departement_reads_usual_spellings(
    text: str, postcode: str | None, expected: str | None
) -> None:
    assert normalise_departement(text, postcode) == expected


@pytest.mark.parametrize(
    ("postcode", "city", "expected"),
    [
        ("69003", None, "69"),
        ("20000", None, "2A"),
        ("20200", None, "2B"),
        ("20187", "AJACCIO CEDEX 1", "2A"),
        ("20303", None, "2A"),
        ("20407", "BASTIA CEDEX 9", "2B"),
        ("20999", None, None),
        ("97150", None, "978"),
        ("97133", None, "977"),
        ("97600", None, "976"),
        ("97491", "SAINTE CLOTILDE CEDEX", "974"),
        ("97822", "LE PORT CEDEX", "974"),
        ("98800", None, "988"),
        ("59033", "LILLE CEDEX", "59"),
        ("01590", "Lavancia-Epercy", "39"),  # served from the Ain
        ("98000", None, None),  # Monaco
        ("00100", None, None),
        ("6900", None, None),
        ("６９００３", None, None),
    ],
)
def test_departement_of_postcode(postcode: str, city: str | None, expected: str | None) -> None:
    assert departement_of_postcode(postcode, city) == expected


@pytest.mark.parametrize(
    ("name", "postcode", "departement", "code"),
    [
        ("Lyon", None, None, "69123"),
        ("Lyon", "69003", None, "69123"),
        ("LYON CEDEX 03", "69421", None, "69123"),
        ("lyon 3e", None, None, "69383"),
        ("PARIS 19E ARRONDISSEMENT", "75019", None, "75119"),
        ("Marseille 08", "13008", None, "13208"),
        ("Paris 21e", "75021", None, None),
        ("ST ETIENNE", "42000", None, "42218"),
        ("Saint-Étienne", None, "42", "42218"),
        ("BOURG EN BRESSE CEDEX", "01012", None, "01053"),
        ("CHALON S/SAONE", "71100", None, "71076"),
        ("Havre (Le)", None, None, "76351"),
        ("HAVRE", "76600", None, "76351"),
        ("Saint-Denis", "93200", None, "93066"),
        ("Saint Denis", "97400", None, "97411"),
        ("SAINT-DENIS", None, "974", "97411"),
        ("Saint-Denis", None, None, None),  # several: no guess
        ("Saint-Denis", "59000", None, None),  # contradicted
        ("Cherbourg-Octeville", "50100", None, "50129"),  # merged
        ("Oeyreluy", "40180", None, "40207"),
        ("ŒYRELUY", None, "40", "40207"),
        ("Villeurbane", "69100", None, "69266"),  # misspelt
        ("Nulle-Part-les-Bains", "69100", None, None),
        ("", "69100", None, None),
        ("CEDEX", "69100", None, None),
    ],
)
def test_find_commune_reads_address_lines(
    name: str, postcode: str | None, departement: str | None, code: str | None
) -> None:
    commune = find_commune(name, postcode, departement)
    assert (commune.code if commune else None) == code


@given(st.sampled_from(gazetteer().communes))
def test_find_commune_finds_every_commune_by_its_name_and_postcode(commune: Commune) -> None:
    for postcode in commune.postcodes[:2]:
        assert find_commune(commune.name.upper(), postcode) == commune


@given(st.text(max_size=30), st.text(max_size=6), st.text(max_size=4))
def test_any_text_gives_a_known_place_or_none(name: str, postcode: str, departement: str) -> None:
    found = find_commune(name, postcode, departement)
    assert found is None or gazetteer().commune(found.code) == found
    known = {None, *(d.code for d in gazetteer().departements)}
    assert departement_of_postcode(postcode, name) in known
    assert normalise_departement(departement, postcode) in known


def test_communes_agree_with_an_independent_list(shared_data: Path) -> None:
    with (shared_data / "geo" / "communes.csv").open(encoding="utf-8", newline="") as lines:
        rows = [r for r in csv.DictReader(lines) if r["type"] == "commune-actuelle"]
    ours = {c.code: c for c in gazetteer().communes}
    differing = [
        r["code_insee"]
        for r in rows
        if r["code_insee"] not in ours
        or (r["nom"], r["dep"]) != (ours[r["code_insee"]].name, ours[r["code_insee"]].departement)
    ]
    assert len(differing) < len(rows) / 1000, differing[:20]
