"""Invented structures on real communes, in the columns of the directory of SIAE."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from sample_words import BY_KIND, FORMS, KINDS, PREFIXES, SIZES, STREETS, SYLLABLES, TRADES
from stdnum import luhn

from annuaire.geo.gazetteer import Commune, gazetteer
from annuaire.geo.outlines import check_coordinates

TOTAL = 400
LEAST_PER_REGION = 8
OVERSEAS_COLLECTIVITIES = ("975", "977", "978", "987", "988")
COLUMNS = (
    "id", "siret", "kind", "name", "brand", "address", "post_code", "city", "department", "lat",
    "lon", "naf", "legal_form", "website", "source", "employees_range", "created_at", "updated_at",
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A row, with what the notices need to know of it."""

    row: dict[str, str]
    trade: str
    region: str


def make_structures(rng: random.Random) -> list[Sample]:
    """About 400 structures: every région and every kind, six SIRETs holding two kinds."""
    names = _names(rng)
    samples: list[Sample] = []
    for region, count in _quotas().items():
        samples += [
            _structure(rng, len(samples) + i + 1, next(names), region) for i in range(count)
        ]
    for sample in rng.sample([s for s in samples if s.row["kind"] == "ACI"], 6):
        row = sample.row | {"id": str(len(samples) + 1), "kind": "EI"}
        samples.append(Sample(row, sample.trade, sample.region))
    return samples


def _quotas() -> dict[str, int]:
    """Structures per région: a floor, then by population; one in each collectivity overseas."""
    regions = [r.code for r in gazetteer().regions if r.code not in OVERSEAS_COLLECTIVITIES]
    population = {r: sum(c.population for c in _communes(r)) for r in regions}
    populated = {r: p for r, p in population.items() if p}
    spare = TOTAL - LEAST_PER_REGION * len(populated)
    whole = sum(populated.values())
    quotas = {r: LEAST_PER_REGION + round(spare * p / whole) for r, p in populated.items()}
    return quotas | {r: 1 for r in OVERSEAS_COLLECTIVITIES if _communes(r)}


def _communes(region: str) -> list[Commune]:
    territories = {d.code for d in gazetteer().departements_of_region(region)}
    return [
        c
        for c in gazetteer().communes
        if c.departement in territories
        and c.lat is not None
        and c.lon is not None
        and c.postcodes
        and c.population > 1500
        and check_coordinates(c.lat, c.lon, c.departement) is None
    ]


def _names(rng: random.Random) -> Iterator[str]:
    words = [a + b + c for a in SYLLABLES[0] for b in SYLLABLES[1] for c in SYLLABLES[2]]
    rng.shuffle(words)
    return iter(words)


def _structure(rng: random.Random, number: int, word: str, region: str) -> Sample:
    kinds = list(KINDS)
    kind = (
        kinds[number - 1] if number <= len(kinds) else rng.choices(kinds, list(KINDS.values()))[0]
    )
    trade, naf = _trade(rng, kind)
    communes = _communes(region)
    commune = rng.choices(communes, [c.population**0.7 for c in communes])[0]
    postcode = rng.choice(commune.postcodes)
    lat, lon = gazetteer().centre_of(commune, postcode) or (0.0, 0.0)
    branded = rng.random() < 0.3
    row = dict.fromkeys(COLUMNS, "") | {
        "id": str(number),
        "siret": invented_siret(number),
        "kind": kind,
        "name": f"{rng.choice(PREFIXES)} {word} {trade}".strip(),
        "brand": f"{word.capitalize()} {trade.lower()}" if branded else "",
        "address": f"{rng.randint(1, 90)} {rng.choice(STREETS)}",
        "post_code": postcode,
        "city": commune.name,
        "department": commune.departement,
        "lat": f"{lat + rng.uniform(-0.004, 0.004):.6f}",
        "lon": f"{lon + rng.uniform(-0.004, 0.004):.6f}",
        "naf": naf,
        "legal_form": FORMS[kind],
        "website": f"https://{word.lower()}.example.org" if branded or rng.random() < 0.2 else "",
        "source": "EXEMPLE",
        "employees_range": rng.choice(SIZES),
        "created_at": "2026-01-05",
        "updated_at": f"2026-{rng.randint(1, 10):02d}-{rng.randint(1, 28):02d}",
    }
    return Sample(row, trade, region)


def _trade(rng: random.Random, kind: str) -> tuple[str, str]:
    if kind in BY_KIND and (kind != "AI" or rng.random() < 0.5):
        return BY_KIND[kind]
    fitting = [(name, naf) for name, naf, kinds in TRADES if kind in kinds]
    return rng.choice(fitting or [(name, naf) for name, naf, _ in TRADES])


def invented_siret(number: int) -> str:
    """A SIRET whose keys are right and whose SIREN, in 0000, was never given to anyone."""
    base = f"0000{number:04d}"
    siren = base + luhn.calc_check_digit(base)
    return siren + "0001" + luhn.calc_check_digit(siren + "0001")
