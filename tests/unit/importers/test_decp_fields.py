"""Essential data of public contracts: what each field becomes; what is odd is said."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from annuaire.contracts.reading import read_notice
from annuaire.contracts.records import AwardRecord, ChangeRecord, CodeField
from importers.sources.decp import read
from tests.factories.decp import (
    BUYER,
    COMPANY,
    OTHER,
    TODAY,
    change,
    concession,
    contract,
    one,
    records,
    winner,
    write_json,
)


def refused(folder: Path, **changes: Any) -> tuple[str, str]:
    bad, good = read(write_json(folder / "decp.json", contract(1, **changes), contract(2)), TODAY)
    assert bad.refusal
    assert good.record
    return bad.refusal.field, bad.refusal.code


def test_a_contract_becomes_an_award_with_one_lot(tmp_path: Path) -> None:
    notice = one(tmp_path)
    assert (notice.source, notice.source_key, notice.nature) == ("decp", f"{BUYER}2024M1", "award")
    assert (notice.title, notice.cpv) == ("Nettoyage des locaux de la mairie", "90911200")
    assert (notice.buyer.siret, notice.buyer.name) == (BUYER, "")
    assert (notice.published_on, notice.departements) == (date(2024, 6, 3), ("59",))
    assert notice.types == ("services",)
    (lot,) = notice.lots
    assert (lot.number, lot.city, lot.departement) == ("1", "Lille", "59")
    assert (lot.amount_eur, lot.amount_kind) == (120000.5, "awarded")
    (award,) = notice.awards
    assert (award.winner_siret, award.amount_eur) == (COMPANY, 120000.5)
    assert award.awarded_on == date(2024, 5, 15)
    facts = notice.texts[0].text.splitlines()
    assert "Durée : 24 mois." in facts
    assert "Considérations sociales déclarées : aucune." in facts
    assert "Montant" not in notice.texts[0].text
    assert notice.codes == (
        CodeField("considerationsSociales", "Pas de considération sociale"),
        CodeField("considerationsEnvironnementales", "Pas de considération environnementale"),
    )


def test_a_concession_has_its_own_fields_and_may_be_reserved(tmp_path: Path) -> None:
    path = write_json(tmp_path / "decp.json", contract(), concessions=[concession()])
    notice = records(path)[1]
    assert notice.source_key == f"{BUYER}2024C1"
    assert notice.lots[0].amount_eur == 300000
    assert notice.awards[0].winner_siret == COMPANY
    assert "Signé le : 02/04/2024." in notice.texts[0].text
    assert notice.codes[0] == CodeField("considerationsSociales", "Concession réservée")


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"considerationSociale": ["Clause sociale", "Critère social"]},
         ["Clause sociale", "Critère social"]),
        (["Marché réservé"], ["Marché réservé"]),
        ("Clause sociale;Critère social", ["Clause sociale", "Critère social"]),
        ("Clause sociale, Marché réservé", ["Clause sociale", "Marché réservé"]),
        ({"considerationSociale": ["Pas de considération sociale"]},
         ["Pas de considération sociale"]),
        ("Sans objet", []),
        ("", []),
        (None, []),
    ],
)  # fmt: skip
def test_considerations_are_codes_as_declared(said: Any, codes: list[str], tmp_path: Path) -> None:
    notice = one(tmp_path, considerationsSociales=said, considerationsEnvironnementales=None)
    assert [code.value for code in notice.codes] == codes


@pytest.mark.parametrize(
    ("title", "disagreements"),
    [
        ("Nettoyage des locaux, marché réservé aux ESAT", 1),
        ("Nettoyage des locaux avec clause d'insertion", 1),
        ("Nettoyage des locaux", 0),
    ],
)
def test_object_that_tells_a_clause_contradicts_a_buyer_who_declares_none(
    title: str, disagreements: int, tmp_path: Path
) -> None:
    facts = read_notice(one(tmp_path, objet=title)).facts
    assert len(facts.contradictions) == disagreements
    assert all("n'a pas de considération sociale" in said for said in facts.contradictions)


def test_modifications_are_the_history_of_one_contract(tmp_path: Path) -> None:
    later = [
        change("2025-06-01", montant=150000, titulaires=[winner(OTHER)]),
        change("2025-02-10", dureeMois=36, montant=120000.5, objetModification="Prolongation"),
    ]
    notice = one(tmp_path, modifications=later)
    assert notice.nature == "modification"
    assert notice.changes == (
        ChangeRecord(date(2025, 2, 10), "Prolongation", None, 36),
        ChangeRecord(date(2025, 6, 1), None, 150000, None, (unknown_name(OTHER),)),
    )
    assert notice.lots[0].amount_eur == 150000
    assert "Montant à l'attribution : 120 000,50 € HT." in notice.texts[0].text
    assert notice.awards[1] == AwardRecord(
        unknown_name(OTHER), None, date(2025, 6, 1), "1",
        winner_siret=OTHER, published_on=date(2025, 6, 1),
    )  # fmt: skip


def test_negative_amount_of_a_modification_leaves_the_one_before_it(tmp_path: Path) -> None:
    (found,) = read(write_json(tmp_path / "decp.json", contract(modifications=[
        change("2025-02-10", montant=-5000, objetModification="Moins-value"),
    ])), TODAY)  # fmt: skip
    assert found.record
    assert found.record.lots[0].amount_eur == 120000.5
    assert found.record.changes == (ChangeRecord(date(2025, 2, 10), "Moins-value"),)
    assert [(warned.field, warned.code) for warned in found.warnings] == [
        ("modifications", "montant")
    ]


def unknown_name(siret: str) -> str:
    return f"Titulaire {siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]} (nom inconnu)"


def test_of_several_companies_nobody_says_the_amounts(tmp_path: Path) -> None:
    notice = one(tmp_path, titulaires=[winner(COMPANY), winner(OTHER), winner(COMPANY)])
    assert [(a.winner_siret, a.amount_eur) for a in notice.awards] == [
        (COMPANY, None),
        (OTHER, None),
    ]


@pytest.mark.parametrize(
    ("number", "kind", "siret", "name"),
    [
        (COMPANY, "SIRET", COMPANY, unknown_name(COMPANY)),
        (COMPANY, "", COMPANY, unknown_name(COMPANY)),
        ("12345678901234", "SIRET", "12345678901234", unknown_name("12345678901234")),
        ("12345678901234", "", None, "Titulaire 12345678901234 (nom inconnu)"),
        ("FR123", "TVA", None, "Titulaire TVA FR123 (nom inconnu)"),
        ("00000000000000", "SIRET", None, "Titulaire SIRET 00000000000000 (nom inconnu)"),
        ("868768687576575", "SIRET", None, "Titulaire SIRET 868768687576575 (nom inconnu)"),
    ],
)
def test_a_number_is_a_siret_when_it_is_one(
    number: str, kind: str, siret: str | None, name: str, tmp_path: Path
) -> None:
    (award,) = one(tmp_path, titulaires=[winner(number, kind)]).awards
    assert (award.winner_siret, award.winner) == (siret, name)


@pytest.mark.parametrize(
    ("code", "kind", "departements", "city"),
    [
        ("59350", "Code commune", ("59",), "Lille"),
        ("97430", "Code postal", ("974",), None),
        ("2A", "CODE DEPARTEMENT", ("2A",), None),
        ("974", "Code département", ("974",), None),
        ("5911", "Code canton", ("59",), None),
        ("9721", "Code arrondissement", ("972",), None),
        ("FR", "Code pays", (), None),
        ("", "", (), None),
        ("59000", "", ("59",), None),
    ],
)
def test_place_is_read_by_the_kind_of_its_code(
    code: str, kind: str, departements: tuple[str, ...], city: str | None, tmp_path: Path
) -> None:
    notice = one(tmp_path, lieuExecution={"code": code, "typeCode": kind})
    assert (notice.departements, notice.lots[0].city) == (departements, city)


def test_a_region_is_all_of_its_departements_and_an_unknown_code_is_said(tmp_path: Path) -> None:
    notice = one(tmp_path, lieuExecution={"code": "53", "typeCode": "Code région"})
    assert set(notice.departements) == {"22", "29", "35", "56"}
    assert notice.lots[0].departement is None
    bad = contract(lieuExecution={"code": "ZZZ", "typeCode": "Code postal"})
    (found,) = read(write_json(tmp_path / "bad.json", bad), TODAY)
    assert [(w.field, w.code) for w in found.warnings] == [("lieuExecution", "lieu")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"dateNotification": "0202-05-15"}, "dateNotification"),
        ({"dateNotification": "2999-01-01"}, "dateNotification"),
        ({"dateNotification": "15/05/2024"}, "dateNotification"),
        ({"dateNotification": None}, "dateNotification"),
        ({"dateNotification": {"a": 1}}, "dateNotification"),
        ({"acheteur": {"id": "123"}}, "acheteur.id"),
        ({"acheteur": {}}, "acheteur.id"),
        ({"acheteur": "x"}, "acheteur.id"),
        ({"acheteur": {"id": "00000000000000"}}, "acheteur.id"),
        ({"id": ""}, "id"),
        ({"id": "---"}, "id"),
        ({"id": None}, "id"),
    ],
)
def test_a_contract_without_buyer_number_or_date_is_refused_and_the_rest_goes_on(
    changes: dict[str, Any], field: str, tmp_path: Path
) -> None:
    assert refused(tmp_path, **changes)[0] == field


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2024-06-03", date(2024, 6, 3)),
        ("2003-11-24", date(2024, 5, 15)),  # before the contract: it could not be known then
        ("2999-01-01", date(2024, 5, 15)),
        ("nan", date(2024, 5, 15)),
    ],
)
def test_an_award_is_known_from_its_publication_never_before_it_was_notified(
    published: str, expected: date, tmp_path: Path
) -> None:
    assert one(tmp_path, datePublicationDonnees=published).published_on == expected


@pytest.mark.parametrize(
    ("amount", "kept", "codes"),
    [
        (1e17, 1e17, ["montant"]),
        ("120 000,5", 120000.5, []),
        (0, None, []),
        (-3, None, ["montant"]),
        ("NC", None, []),
        (True, None, []),
        (10**40, 1e40, ["montant"]),
    ],
)
def test_amounts_that_cannot_be_are_kept_and_said(
    amount: Any, kept: float | None, codes: list[str], tmp_path: Path
) -> None:
    (found,) = read(write_json(tmp_path / "decp.json", contract(montant=amount)), TODAY)
    assert found.record
    assert found.record.lots[0].amount_eur == kept
    assert [warned.code for warned in found.warnings] == codes


def test_numbers_that_copies_write_otherwise_are_one_contract(tmp_path: Path) -> None:
    keys = {one(tmp_path, id=number).source_key for number in ("2024-M.1", "2024 M 1", "2024_M_1")}
    assert len(keys) == 1


def test_a_lot_numbered_in_the_object_keeps_its_number(tmp_path: Path) -> None:
    notice = one(tmp_path, objet="Entretien de la voirie. Lot n° 3 : tonte des pelouses")
    assert notice.lots[0].number == notice.awards[0].lot_number == "3"


def test_html_of_an_object_is_taken_away_and_a_sign_stays(tmp_path: Path) -> None:
    objet = "<p>Achats <b>&lt; 90&nbsp;000 €</b><script>alert(1)</script> : linge</p>"
    assert one(tmp_path, objet=objet).title == "Achats < 90 000 € : linge"


def test_without_an_object_the_cpv_says_what_it_is(tmp_path: Path) -> None:
    assert one(tmp_path, objet="").title == "Services de nettoyage de bâtiments (objet non publié)"
