"""Documents of contracts to measure search with: as many as wanted, of nobody real."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from annuaire.activities import cpv
from annuaire.activities.cpv_search import beginnings
from annuaire.bench.documents import a_town
from annuaire.bench.vocabulary import TRADES, Town, Trade

PER_BUYER = 7  # contracts of a buyer, on average, as in the archive of the BOAMP
FIRST_DAY = date(2019, 1, 1)
DAYS = 2_900
BODIES = ("Commune de", "Ville de", "Communauté de communes de", "Centre hospitalier de",
          "Département, services de", "Lycée de", "Office public de l'habitat de")  # fmt: skip
OBJECTS = ("Marché de", "Prestations de", "Travaux et", "Accord-cadre à bons de commande :",
           "Fourniture et")  # fmt: skip
CLAUSES = (
    (), (), (), (), (), (), ("environment",), ("execution_insertion",), ("execution_social_other",),
    ("award_criterion", "environment"), ("reserved_siae",), ("reserved_handicap",),
)  # fmt: skip
RESERVED = {"reserved_siae": "siae", "reserved_handicap": "handicap"}


def contract_documents(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Contracts with the fields of search.schema.CONTRACTS; ids "1" to `count`."""
    draw = Random(seed)  # noqa: S311
    codes = [code for code in cpv.codes() if not code.endswith("000")]
    buyers = [_buyer(draw, number) for number in range(max(1, count // PER_BUYER))]
    for number in range(1, count + 1):
        yield _contract(draw, number, draw.choice(buyers), draw.choice(codes))


def _buyer(draw: Random, number: int) -> tuple[str, str, Town]:
    town = a_town(draw)
    name = f"{draw.choice(BODIES)} {town.name}"
    return f"{name.lower()}|{number}", name, town


def _contract(draw: Random, number: int, buyer: tuple[str, str, Town], code: str) -> dict[str, Any]:
    key, name, town = buyer
    trades = draw.sample(TRADES, draw.choice((1, 1, 1, 2)))
    title = f"{draw.choice(OBJECTS)} {' et '.join(draw.choice(t.words) for t in trades)}"
    published = FIRST_DAY + timedelta(days=draw.randrange(DAYS))
    clauses = draw.choice(CLAUSES)
    state = draw.choice(("published", "published", "published", "awarded", "cancelled"))
    amount = float(draw.randrange(5_000, 900_000)) if state == "awarded" else None
    reserved = [RESERVED[clause] for clause in clauses if clause in RESERVED]
    closes = published + timedelta(days=35)
    document = {
        "id": str(number),
        "title": f"{title} à {town.name}",
        "lot_titles": _lots(draw, trades),
        "activity_words": [word for trade in trades for word in trade.words[:2]],
        "buyer": name,
        "city": town.name,
        "place_words": [town.departement_name],
        "descriptions": [f"Pour {name}, {', '.join(draw.choice(t.tasks) for t in trades)}."],
        "reference": f"boamp-26-{number}",
        "buyer_key": key,
        "buyer_named": f"{key}\t{name}",
        "buyer_ids": [key, name.lower()],
        "postcode": town.postcode,
        "departements": [town.departement],
        "regions": [town.region],
        "activities": [trade.code for trade in trades],
        "groups": sorted({trade.group for trade in trades}),
        "cpv": beginnings(code),
        "state": state,
        "nature": "award" if state == "awarded" else "call",
        "procedure": draw.choice(("mapa", "fns", "joue")),
        "types": [draw.choice(("services", "travaux", "fournitures"))],
        "social": "oui" if set(clauses) - {"environment"} else "non",
        "environment": "oui" if "environment" in clauses else "non",
        "clause_types": list(clauses),
        "reserved": [*reserved, "oui"] if reserved else [],
        "source": ["boamp"],
        "allotted": draw.choice(("oui", "non")),
        "amount_known": "oui" if amount else "non",
        "placed": "commune",
        "published": published.isoformat(),
        "deadline": closes.isoformat() if state == "published" else None,
        "amount": amount,
        "hours": float(draw.randrange(50, 2_000)) if "execution_insertion" in clauses else None,
        "lat": town.lat,
        "lon": town.lon,
        "_stored": {"title": title, "buyer": name, "buyer_key": key, "departements": [],
                    "reference": f"boamp-26-{number}"},
    }  # fmt: skip
    return {field: value for field, value in document.items() if value is not None}


def _lots(draw: Random, trades: list[Trade]) -> list[str]:
    return [f"Lot : {draw.choice(t.tasks)}" for t in trades for _ in range(draw.choice((0, 1, 3)))]
