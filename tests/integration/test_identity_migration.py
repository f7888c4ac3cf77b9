"""A register filled before numbers were followed: the upgrade keeps all, and the next reading
tells what records say of other numbers."""

from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from annuaire.bench.files import invented_siret
from annuaire.db import db
from annuaire.migrate import downgrade, upgrade
from tests.factories.commands import Run, last_json
from tests.factories.directories import write_agreements, write_esats
from tests.factories.files import siae, write_csv


def test_an_older_register_is_upgraded_and_learns_its_numbers_at_the_next_reading(
    run: Run, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    siret, other = invented_siret(1), invented_siret(2)
    files = {
        "siae": write_csv(tmp_path / "siae.csv", [siae(1)]),
        "esat": write_esats(tmp_path / "esat.csv", ("590000011", other), ("590000022", None)),
        "esus": write_agreements(tmp_path / "esus.csv", siret[:9], invented_siret(3)[:9]),
    }
    for source, path in files.items():
        run("import", source, path)
    keys = "SELECT key FROM structure ORDER BY key"
    before = session.execute(text(keys)).all()
    session.rollback()
    downgrade(db.engine, "0001")
    # What the older code stored: the same records, under hashes of its own.
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE source_record SET hash = 'older'"))
    upgrade(db.engine)
    assert session.execute(text(keys)).all() == before
    told = session.execute(
        text("SELECT source_key, own_key, claims FROM source_record ORDER BY source_key")
    ).all()
    session.rollback()
    assert [(row.source_key, row.own_key, bool(row.claims)) for row in told] == sorted(
        [
            (f"{siret}-EI", siret, True),
            ("590000011", other, True),
            ("590000022", "finess:590000022", True),
            (f"{siret[:9]}-{siret}", siret, False),
            (invented_siret(3)[:9], f"siren:{invented_siret(3)[:9]}", True),
        ]
    )
    assert client.get("/structures/finess:590000011").status_code == 404
    session.rollback()
    for source, path in files.items():
        counts = last_json(run("import", source, path, "--json"))
        assert (counts["created"], counts["ended"]) == (0, 0)
    answer = client.get("/structures/finess:590000011")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/structures/{other}")
