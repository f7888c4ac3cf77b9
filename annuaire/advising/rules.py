"""The stated rules of market depth, read from data/depth.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

RESERVE: Final = "reserve"
RESERVE_LOT: Final = "reserve_lot"
CLAUSE: Final = "clause"
CLAUSE_LENT: Final = "clause_lent"
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class VerdictRule:
    """When an answer is given: the strength asked for within a distance (km), a greater one for a
    great amount; `concentrated` says that it stands although few hold the market."""

    code: str
    label: str
    within_km: int
    least_strength: float
    least_strength_great: float
    concentrated: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All figures of the data; `bands_km` are distances, the nearest first."""

    bands_km: tuple[int, ...]
    maybe_counts: float
    least_known_lots: int
    concentrated_share: float
    great_amount_eur: float
    least_certainty: float
    near_trade: float
    lenders_km: int
    verdicts: tuple[VerdictRule, ...]


@cache
def rules() -> Rules:
    """The rules in force."""
    text = files(__package__).joinpath("data/depth.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    verdicts = tuple(VerdictRule(**row) for row in data.pop("verdict"))
    bands = tuple(data.pop("bands_km"))
    return Rules(bands_km=bands, verdicts=verdicts, **data)
