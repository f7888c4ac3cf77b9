"""Invented notices of invented buyers on real communes, as records of the BOAMP's API."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sample_eforms import eforms
from sample_shapes import Lot, Market, fnsimple, mapa, v230
from sample_structures import Sample, invented_siret
from sample_words import CRITERIA, EXECUTION, MARKETS

from annuaire.geo.gazetteer import find_commune

TOTAL = 60
AWARDS = 12
FIRST_DAY = date(2026, 6, 1)
SHAPES: tuple[tuple[Callable[[Market], dict[str, Any]], str, str], ...] = (
    (mapa, "MAPA", "Procédure adaptée"),
    (fnsimple, "FNS", "Procédure adaptée"),
    (eforms, "JOUE", "Procédure ouverte"),
    (v230, "FNS", "Procédure adaptée"),
)
BUYERS = ("Commune de {} (fictive)", "Commune de {} (fictive)", "Centre hospitalier de {} (fictif)",
          "Communauté de communes de {} (fictive)", "Lycée de {} (fictif)")  # fmt: skip
RESERVED = {
    "handicap": "Marché réservé aux entreprises adaptées et aux établissements et services d'aide "
    "par le travail (article L.2113-12 du code de la commande publique).",
    "insertion": "Marché réservé aux structures d'insertion par l'activité économique "
    "(article L.2113-13 du code de la commande publique).",
    "both": "Marché réservé au titre des articles L.2113-12, L.2113-13 et L.2113-14 du code de la "
    "commande publique.",
}


def make_notices(rng: random.Random, structures: list[Sample]) -> list[dict[str, Any]]:
    """Sixty records: a fifth are awards, the rest calls due in 2026 and 2027."""
    return [_record(rng, number, structures) for number in range(1, TOTAL + 1)]


def _record(rng: random.Random, number: int, structures: list[Sample]) -> dict[str, Any]:
    awarded = number > TOTAL - AWARDS
    shape, family, procedure = (
        (eforms, *SHAPES[2][1:])
        if awarded and number % 2
        else ((v230, *SHAPES[3][1:]) if awarded else SHAPES[number % len(SHAPES)])
    )
    market = _market(rng, number, structures, awarded=awarded)
    published = FIRST_DAY + timedelta(days=number * 2)
    place = find_commune(market.city, market.postcode)
    return {
        "idweb": market.idweb,
        "id": market.idweb.replace("-", "_"),
        "objet": market.title.replace("'", "&#039;"),
        "famille": family,
        "dateparution": published.isoformat(),
        "datefindiffusion": market.deadline[:10],
        "datelimitereponse": None if awarded else market.deadline,
        "nomacheteur": market.buyer,
        "code_departement": [place.departement] if place else [],
        "type_marche": [market.kind],
        "nature": "ATTRIBUTION" if awarded else "APPEL_OFFRE",
        "nature_categorise_libelle": "Avis d'attribution" if awarded else "Avis de marché",
        "procedure_libelle": procedure,
        "descripteur_libelle": [market.title.split(" : ")[0]],
        "etat": "INITIAL",
        "annonce_lie": [],
        "titulaire": [lot.winner for lot in market.lots if lot.winner] or None,
        "donnees": json.dumps(shape(market), ensure_ascii=False),
    }


def _market(rng: random.Random, number: int, structures: list[Sample], *, awarded: bool) -> Market:
    title, cpv, kind, plan = MARKETS[number % len(MARKETS)]
    if awarded and not plan:
        title, cpv, kind, plan = MARKETS[number % 7]
    home = rng.choice(structures).row
    reserved = rng.choice(("", "", "", "", "", "handicap", "insertion", "both"))
    hours = rng.choice((70, 120, 210, 350, 600))
    execution = EXECUTION[(number * 3) % len(EXECUTION)]
    lots = tuple(
        Lot(i, name, code, rng.randrange(8, 120) * 1000)
        for i, (name, code, _) in enumerate(plan, 1)
    )
    if awarded:
        lots = tuple(
            replace(lot, winner=_winner(rng, structures, trade, home["department"]))
            for lot, (_, _, trade) in zip(lots, plan, strict=True)
        )
    written = number % 9 == 0 and not awarded  # lots told in words only, as buyers often do
    description = f"{title} de {home['city']}. Données d'exemple."
    if reserved:
        description += f" {RESERVED[reserved]}"
    if written and lots:
        told = "\n".join(f"Lot n° {lot.number} : {lot.title}" for lot in lots)
        description += f"\nLa consultation comprend les lots suivants :\n{told}"
    due = FIRST_DAY + timedelta(days=number * 2 + rng.randrange(150, 360))
    return Market(
        idweb=f"26-{990000 + number}",
        title=f"{title} : {home['city']}",
        description=description,
        cpv=cpv,
        kind=kind,
        buyer=rng.choice(BUYERS).format(home["city"]),
        siret=invented_siret(9000 + number),
        postcode=home["post_code"],
        city=home["city"],
        deadline=f"{due.isoformat()}T12:00:00+0{1 if due.month in (11, 12, 1, 2, 3) else 2}:00",
        lots=() if written else lots,
        execution=execution.format(hours=hours) if execution else None,
        criteria=rng.choice(CRITERIA),
        reserved=reserved,
        awarded=awarded,
    )


def _winner(rng: random.Random, structures: list[Sample], trade: str, departement: str) -> str:
    """An invented structure of that trade, in the département if there is one."""
    fitting = [s for s in structures if s.trade == trade] or structures
    near = [s for s in fitting if s.row["department"] == departement]
    return rng.choice(near or fitting).row["name"]
