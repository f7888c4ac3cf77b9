"""Notices of two contracts and of others, to be joined; every one is fabricated."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from annuaire.contracts.publishing import Changes, publish
from annuaire.contracts.records import CodeField, NoticeRecord, TextField
from annuaire.db import writing
from annuaire.runs import open_run
from tests.factories.notices import FOLDER, OTHER_TOWN, call, later, lots, won

LATER = datetime(2026, 6, 30, 10, tzinfo=UTC)
RESERVED = (CodeField("MARCHE_RESERVE", "ateliers protégés", "2"),)
AWARD = later(
    "26-4",
    "award",
    60,
    linked_keys=("26-1",),
    lots=lots("LOT-0001 Vitres", "LOT-0002 Sols"),
    awards=(won("LOT-0001", "Vitres d'essai", 12_000.0),),
)
#: Two contracts of one buyer, a planning notice of both, and a notice that nobody follows.
NOTICES = [
    later("26-0", "planned", -30),
    call("26-1", lots=lots("1 Vitres", "2 Sols"), codes=RESERVED, linked_keys=("26-0",)),
    call("77-2026", source="ted", folder=FOLDER, own_keys=(f"eforms:{FOLDER}-01",)),
    later("26-2", "correction", 10, linked_keys=("26-1",), deadline=LATER, folder=FOLDER),
    later("26-3", "correction", 20, linked_keys=("26-2",), lots=lots("02 Sols", "03 Bureaux")),
    AWARD,
    call("26-5", title="Repas en liaison froide", reference="2026S0042", linked_keys=("26-0",)),
    later("26-6", "cancellation", title="Repas en liaison froide", reference="2026S0042",
          outcome="abandoned"),
    call("26-7", buyer=OTHER_TOWN),
    call("26-8", title="Imprimerie", lots=lots("1 Affiches", "2 Reliure", "3 Papeterie"),
         texts=(TextField("execution", "Lot 2 : 140 heures d'insertion sont imposées."),)),
    later("26-9", "correction", 5, title="Imprimerie", linked_keys=("26-8",),
          texts=(TextField("correction", "Le lot 2 est retiré de la consultation."),)),
]  # fmt: skip


def read(session: Session, *batches: list[NoticeRecord]) -> Changes:
    changes = Changes()
    with writing(session):
        run_id = open_run(session, "boamp", "essai", "")
    for batch in batches:
        with writing(session, bulk=True):
            publish(session, run_id, batch, changes)
    session.expire_all()
    return changes
