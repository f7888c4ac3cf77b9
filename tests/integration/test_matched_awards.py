"""Awards of the essential data and award notices of one contract that no key ties."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from annuaire.contracts import service
from annuaire.contracts.awarding import join_again, match_awards, part
from annuaire.contracts.models import Contract, Notice
from annuaire.contracts.publishing import Changes, publish
from annuaire.contracts.records import AwardRecord, BuyerRecord, CodeField, LotRecord, NoticeRecord
from annuaire.db import writing
from annuaire.errors import AnnuaireError
from annuaire.runs import open_run
from tests.factories.commands import Run, last_json
from tests.factories.notices import TOWN, later, lots

DAY = date(2026, 6, 1)
AWARD = later(
    "26-2",
    "award",
    40,
    cpv="90911200",
    lots=lots("1 Vitres", "2 Sols"),
    awards=(
        AwardRecord("Vitres d'essai SARL", 61_137.5, DAY, "1"),
        AwardRecord("Sols d'essai", 20_412.0, DAY, "2"),
    ),
)


def essential(number: str = "2026S1", **changes: Any) -> NoticeRecord:
    """An award of the essential data, of the town, for what « Sols d'essai » holds."""
    amount = changes.pop("amount", 20_412.0)
    title = changes.pop("title", "Services de nettoyage (objet non publié)")
    record = NoticeRecord(
        source="decp",
        source_key=f"{TOWN.siret}{number}",
        title=title,
        nature="award",
        buyer=BuyerRecord("", siret="00009001900027"),  # another establishment of the town
        published_on=DAY + timedelta(days=30),
        cpv="90911300",
        lots=(LotRecord("1", title, cpv="90911300", amount_eur=amount,
                        amount_kind="awarded"),),
        awards=(AwardRecord("SOLS D'ESSAI", amount, DAY + timedelta(days=4), "1",
                            winner_siret="00009001900035"),),
        codes=(CodeField("considerationsSociales", "Clause sociale"),),
    )  # fmt: skip
    return record if not changes else NoticeRecord(**{**_fields(record), **changes})


def _fields(record: NoticeRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def read(session: Session, *records: NoticeRecord) -> None:
    with writing(session, bulk=True):
        publish(session, open_run(session, records[0].source, "essai", ""), records, Changes())
    match_awards(session)
    session.expire_all()


def contracts(session: Session) -> dict[str, list[str]]:
    session.rollback()
    session.expire_all()
    found = {
        contract.reference: [f"{n.source}-{n.source_key}" for n in contract.notices]
        for contract in session.scalars(select(Contract).order_by(Contract.id))
    }
    session.rollback()
    return found


DECP = f"decp-{TOWN.siret}2026S1"
ONE = {"boamp-26-2": ["boamp-26-2", DECP]}
TWO = {"boamp-26-2": ["boamp-26-2"], DECP: [DECP]}


@pytest.mark.parametrize("order", [(AWARD, essential()), (essential(), AWARD)])
def test_an_award_joins_the_lot_of_its_notice_in_any_order(
    session: Session, client: FlaskClient, order: tuple[NoticeRecord, NoticeRecord]
) -> None:
    for record in order:
        read(session, record)
    assert contracts(session) == ONE
    contract = service.by_reference(session, "boamp-26-2")
    assert (contract.title, contract.state) == (AWARD.title, "awarded")
    first, second = contract.lots
    assert [(lot.number, lot.title) for lot in contract.lots] == [("1", "Vitres"), ("2", "Sols")]
    assert [a["winner"] for a in first.awards] == ["Vitres d'essai SARL"]
    assert [(a["winner"], a["winner_siret"]) for a in second.awards] == [
        ("Sols d'essai", "00009001900035")
    ]
    assert (second.cpv, first.cpv, second.awarded_eur) == ("90911300", None, 20_412.0)
    assert [(f.type, f.lots) for f in contract.findings] == [("execution_social_other", ["2"])]
    page = client.get("/marches/boamp-26-2").get_data(as_text=True)
    said = "Rapproché de l’avis boamp-26-2 parce que\u00a0: même acheteur (SIREN), même montant"
    assert said in page
    assert client.get(f"/marches/{DECP}").location == "/marches/boamp-26-2"


def test_reading_again_changes_nothing_and_what_differs_now_leaves(session: Session) -> None:
    read(session, AWARD, essential())
    read(session, AWARD)
    read(session, essential())
    assert contracts(session) == ONE
    read(session, essential(procedure="Procédure adaptée"))  # the same award, told anew
    assert contracts(session) == ONE
    read(session, essential(amount=27_000.0))
    assert contracts(session) == TWO
    assert service.by_reference(session, "boamp-26-2").lots[1].awards[0].get("winner_siret") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 20_900.0},
        {"buyer": BuyerRecord("", siret="11111111100006")},
        {"published_on": DAY + timedelta(days=300),
         "awards": (AwardRecord("SOLS D'ESSAI", 20_412.0, DAY + timedelta(days=300), "1"),)},
        {"title": "Fourniture de denrées surgelées"},
    ],
)  # fmt: skip
def test_near_misses_stay_two_contracts(session: Session, changes: dict[str, Any]) -> None:
    read(session, AWARD, essential(**changes))
    assert contracts(session) == TWO


def test_an_award_that_a_key_ties_is_left_where_it_is(session: Session) -> None:
    call = later("26-9", "call", 0, title="Nettoyage des sols", reference="2026S0042")
    tied = essential(title="Nettoyage des sols", reference="2026S0042", buyer=TOWN)
    read(session, AWARD, call, tied)
    assert contracts(session) == {"boamp-26-2": ["boamp-26-2"], "boamp-26-9": ["boamp-26-9", DECP]}


def test_a_person_parts_and_joins_again(run: Run, session: Session) -> None:
    read(session, AWARD, essential())
    listed = last_json(run("awards", "list", "--json"))
    assert (listed["reference"], listed["with"], listed["lot"]) == (DECP, "boamp-26-2", "2")
    signed = ("--by", "Essai", "--why", "deux commandes")
    assert run("awards", "part", DECP, *signed).exit_code == 0
    assert contracts(session) == TWO
    run("awards", "match", "--all")  # a decision outlives every reading
    assert contracts(session) == TWO
    assert "rien à défaire" in str(run("awards", "part", DECP, *signed).exception)
    assert run("awards", "join-again", DECP, *signed).exit_code == 0
    assert contracts(session) == ONE
    again = last_json(run("awards", "match", "--all", "--json"))
    assert again == {"buyers": 1, "standing": 1, "joined": 0, "parted": 0}


@pytest.mark.parametrize("reference", ["decp-nulle-part", "boamp-26-2", "x"])
def test_only_what_was_matched_is_parted(session: Session, reference: str) -> None:
    read(session, AWARD)
    with pytest.raises(AnnuaireError), writing(session):
        part(session, reference, "Essai", "essai")
    with pytest.raises(AnnuaireError), writing(session):
        join_again(session, reference, "Essai", "essai")


def test_every_notice_keeps_its_own_words(session: Session) -> None:
    read(session, AWARD, essential())
    notice = session.scalars(select(Notice).where(Notice.source == "decp")).one()
    assert notice.facts is not None
    assert notice.facts["lots"][0]["awards"][0]["winner"] == "SOLS D'ESSAI"
    assert "matched" not in notice.facts
