"""A small register with a few contracts, imported as an operator would."""

from pathlib import Path

from tests.factories.commands import Run
from tests.factories.files import LYON, awards, notice, siae, write_csv

RESERVED = "Entretien des espaces verts réservé aux ESAT <b>et</b> aux entreprises adaptées"


def fill_site(run: Run, folder: Path) -> None:
    """Four structures and three contracts: a reserved one, a plain one, one that is won."""
    run(
        "import",
        "siae",
        write_csv(
            folder / "siae.csv",
            [
                siae(1),
                siae(2, **LYON),
                siae(3, name="JARDINS D'ESSAI", naf="8130Z", kind="ACI"),
                siae(4, name="BLANCHISSERIE D'ESSAI", naf="9601A", **LYON),
            ],
        ),
    )
    run(
        "import",
        "boamp",
        write_csv(
            folder / "boamp.csv",
            [
                notice(1, objet=RESERVED),
                notice(2),
                notice(
                    3,
                    nature="attribution",
                    attributions_json=awards(
                        ("Lot 1 : nettoyage", "PROPRETE D'ESSAI 1", 9000.0),
                        ("Lot 2 : tonte", "Inconnue", None),
                    ),
                ),
            ],
        ),
    )
