"""Awards linked in the database, and a need answered through the engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from annuaire.contracts.models import Buyer, Contract, Lot
from annuaire.db import writing
from annuaire.matching.grouping import grouping_of_lots
from annuaire.matching.models import Win
from annuaire.matching.need import need_from_form, need_from_lot
from annuaire.matching.presenting import wins_of
from annuaire.matching.service import as_json, link_awards, suggest, winner_urls
from annuaire.structures.models import Structure, StructureActivity, StructureStatus
from search.choice import make_engine
from search.documents import documents
from search.engine import Engine

NOW = datetime(2026, 5, 1, tzinfo=UTC)
TODAY = date(2026, 5, 4)


def _structure(number: int, name: str, kind: str = "EI", **changes: Any) -> Structure:
    values = {
        "id": number, "key": f"{number:014d}", "siret": f"{number:014d}", "name": name,
        "city": "Lille", "code_insee": "59350", "departement": "59", "lat": 50.63,
        "lon": 3.06 + number / 50, "origins": {}, "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    structure = Structure(**values | changes)
    structure.statuses = [StructureStatus(kind=kind, source="siae")]
    structure.activities = [
        StructureActivity(code="nettoyage-locaux", origin="declared", evidence="siae", weight=1.0)
    ]
    return structure


def _contract(number: int, published: date, winner: str | None, **changes: Any) -> Contract:
    awards = [{"winner": winner, "amount_eur": 9e12, "awarded_on": None}] if winner else []
    contract = Contract(
        id=number, reference=f"boamp-26-{number}", title="Nettoyage de bureaux",
        buyer_id=1, state="awarded" if winner else "published", published_on=published,
        types=["services"], departements=["59"], created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    lot: dict[str, Any] = {
        "id": number, "position": 0, "number": "1", "title": "Nettoyage de bureaux",
        "activities": [["nettoyage-locaux", 0.9, "nettoyage"], ["impression", 0.1, ""]],
        "awards": awards,
    }  # fmt: skip
    contract.lots = [Lot(**lot | changes)]
    return contract


@pytest.fixture
def filled(session: Session) -> Session:
    """Three structures of Lille, one buyer, an old award, and an open contract."""
    with writing(session):
        session.add(Buyer(id=1, key="lille", name="Ville de Lille", postcode="59000", city="Lille"))
        session.add_all(
            [
                _structure(1, "ASSOC TILLEULS"),
                _structure(2, "SARL ORMES PROPRETE", "ETTI"),
                _structure(3, "SAULES"),
            ]
        )
        session.flush()
        session.add(_contract(1, date(2025, 1, 7), "Association Saules"))
        session.add(_contract(2, TODAY, None))
    return session


@pytest.fixture
def engine(tmp_path: Path, filled: Session) -> Engine:
    engine = make_engine(tmp_path / "index")
    engine.index("structures", documents(filled, "structures", [1, 2, 3], TODAY))
    filled.rollback()
    return engine


def test_link_awards_ties_the_winner_by_its_name(filled: Session) -> None:
    done = link_awards(filled)
    assert (done.lots, done.wins, done.added, done.removed) == (1, 1, 1, 0)
    win = filled.scalars(select(Win)).one()
    assert (win.structure_id, win.lot_reference) == (3, "boamp-26-1#1")
    assert win.evidence == "Association Saules"
    assert win.activities == ["nettoyage-locaux"]
    assert win.buyer_key == "commune lille|59"
    assert win.amount_eur is None  # absurd


def test_link_awards_again_changes_nothing(filled: Session) -> None:
    link_awards(filled)
    again = link_awards(filled)
    assert (again.wins, again.added, again.removed) == (1, 0, 0)


def test_link_awards_takes_back_what_is_no_longer_said(filled: Session) -> None:
    link_awards(filled)
    with writing(filled):
        filled.get_one(Lot, 1).awards = [{"winner": "Tilleuls", "amount_eur": 5.0}]
    done = link_awards(filled)
    assert (done.added, done.removed) == (1, 1)
    assert [w.structure_id for w in filled.scalars(select(Win))] == [1]


@pytest.mark.parametrize("lost", ["another state", "gone"])
def test_link_awards_drops_what_is_awarded_no_more(filled: Session, lost: str) -> None:
    link_awards(filled)
    with writing(filled):
        if lost == "gone":
            filled.execute(delete(Lot).where(Lot.contract_id == 1))
            filled.execute(delete(Contract).where(Contract.id == 1))
        else:
            filled.get_one(Contract, 1).state = "cancelled"
    assert link_awards(filled).removed == 1
    assert filled.scalars(select(Win)).all() == []


@pytest.mark.parametrize(
    ("number", "url"),
    [
        ("1", "/marches/boamp-26-1/lots/1"),
        ("2/A", "/marches/boamp-26-1/lots/2%2FA"),
        ("n°3 ?", "/marches/boamp-26-1/lots/n%C2%B03%20%3F"),
        ("4#b", "/marches/boamp-26-1/lots/4%23b"),
    ],
)
def test_won_lot_has_an_address_that_leads_to_it(filled: Session, number: str, url: str) -> None:
    with writing(filled):
        filled.get_one(Lot, 1).number = number
    link_awards(filled)
    (won,) = wins_of(filled, 3)
    assert (won["url"], won["lot"]) == (url, number)


def test_winner_urls_lead_to_the_structure(filled: Session) -> None:
    link_awards(filled)
    contract = filled.get_one(Contract, 1)
    assert winner_urls(filled, contract) == {
        ("boamp-26-1#1", "Association Saules"): ("/structures/00000000000003", "SAULES")
    }


def test_lot_is_answered_with_reasons_and_former_winner_first(
    filled: Session, engine: Engine
) -> None:
    link_awards(filled)
    contract = filled.get_one(Contract, 2)
    answer = suggest(filled, engine, need_from_lot(contract, contract.lots[0]), TODAY)
    assert [s.name for s in answer.suggestions] == [
        "SAULES", "ASSOC TILLEULS", "SARL ORMES PROPRETE",
    ]  # fmt: skip
    first = answer.suggestions[0]
    assert any("A déjà gagné" in sentence for sentence, _ in first.reasons)
    assert any("R2122-8" in sentence for sentence in first.cautions)
    assert "Lieu supposé : Lille, siège de l'acheteur." in answer.assumptions


def test_awarded_lot_is_not_answered_by_its_own_award(filled: Session, engine: Engine) -> None:
    link_awards(filled)
    contract = filled.get_one(Contract, 1)
    answer = suggest(filled, engine, need_from_lot(contract, contract.lots[0]), TODAY)
    said = [sentence for s in answer.suggestions for sentence, _ in s.reasons]
    assert not any("gagné" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("reserved", "names", "said"),
    [
        ("reserved_siae", {"ASSOC TILLEULS", "SARL ORMES PROPRETE", "SAULES"}, "L2113-13"),
        ("reserved_handicap", set(), "L2113-12"),
    ],
)
def test_reserved_lot_is_suggested_to_none_that_the_law_keeps_out(
    filled: Session, engine: Engine, reserved: str, names: set[str], said: str
) -> None:
    link_awards(filled)  # a former winner is not let in either
    need = replace(need_from_form("nettoyage", on=TODAY, place="Lille"), reserved=(reserved,))
    answer = suggest(filled, engine, need, TODAY)
    assert {s.name for s in answer.suggestions} == names
    assert any(said in sentence for sentence in answer.assumptions)


@pytest.mark.parametrize("place", ["Lille", "Nord", "Hauts-de-France", "", "Marseille"])
def test_json_has_the_keys_of_the_plan(filled: Session, engine: Engine, place: str) -> None:
    need = need_from_form("nettoyage", on=TODAY, place=place, amount_eur=20_000)
    found = as_json(suggest(filled, engine, need, TODAY))
    assert list(found) == ["need", "route", "suggestions", "groups", "gaps", "took_ms"]
    keys = {"siret", "name", "score", "reasons", "cautions", "distance_km"}
    assert all(set(s) == keys for s in found["suggestions"])
    assert found["route"][0]["articles"] == ["R2122-8"]
    assert bool(found["suggestions"]) is (place != "Marseille")


def _also(session: Session, number: int, code: str) -> None:
    with writing(session):
        structure = session.get_one(Structure, number)
        structure.activities[0].code = code


def test_several_trades_are_covered_by_a_group_and_a_gap_is_named(
    filled: Session, tmp_path: Path
) -> None:
    _also(filled, 1, "espaces-verts-entretien")
    index = make_engine(tmp_path / "other")
    index.index("structures", documents(filled, "structures", [1, 2, 3], TODAY))
    filled.rollback()
    text = "nettoyage des bureaux, entretien des espaces verts et désamiantage"
    answer = suggest(filled, index, need_from_form(text, on=TODAY, place="Lille"), TODAY)
    (group,) = as_json(answer)["groups"]
    takes = {m["name"]: m["takes"] for m in group["members"]}
    assert takes == {  # the ETTI lends staff and does no cleaning
        "SAULES": ["nettoyage des bureaux"], "ASSOC TILLEULS": ["entretien des espaces verts"],
    }  # fmt: skip
    assert ["désamiantage" in gap for gap in answer.grouping.gaps] == [True]


def test_lots_of_a_contract_are_taken_together(filled: Session, tmp_path: Path) -> None:
    _also(filled, 1, "espaces-verts-entretien")
    index = make_engine(tmp_path / "other")
    index.index("structures", documents(filled, "structures", [1, 2, 3], TODAY))
    with writing(filled):
        contract = filled.get_one(Contract, 2)
        for at, code in ((2, "espaces-verts-entretien"), (3, "blanchisserie")):
            contract.lots.append(
                Lot(position=at, number=str(at), title=code, activities=[[code, 0.9, ""]])
            )
    grouping = grouping_of_lots(filled, index, contract, TODAY)
    (group,) = grouping.groups
    assert sorted(label for m in group.members for label in m.takes) == [
        "lot 1 : Nettoyage de bureaux", "lot 2 : espaces-verts-entretien",
    ]  # fmt: skip
    assert ["lot 3" in gap for gap in grouping.gaps] == [True]


def test_answer_asks_the_database_once(filled: Session, engine: Engine) -> None:
    need = need_from_form("nettoyage", on=TODAY, place="Lille")
    with _counted(filled) as statements:
        suggest(filled, engine, need, TODAY)
    assert len([s for s in statements if s.startswith("SELECT")]) == 1


@contextmanager
def _counted(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    yield statements
    event.remove(bind, "before_cursor_execute", note)
