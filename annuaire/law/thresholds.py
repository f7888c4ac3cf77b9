"""Dated thresholds of the public procurement code, read from `data/thresholds.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Threshold:
    """One value of a rule between two dates, both included; `valid_to` is None while in force.

    `unit` is "eur_ht", "share" (0 to 1), "years" or "none" (a duty without a figure, `value` is
    None).
    `status` is "seen", "inferred" (to be checked before it is shown as law) or "partial".
    """

    rule: str
    article: str
    title: str
    value: float | None
    unit: str
    valid_from: date
    valid_to: date | None
    status: str
    source: str

    def in_force(self, on: date) -> bool:
        """Whether this value applies on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@cache
def all_thresholds() -> tuple[Threshold, ...]:
    """Every dated value, in the order of the data file."""
    text = files(__package__).joinpath("data/thresholds.toml").read_text(encoding="utf-8")
    return tuple(
        Threshold(
            rule=row["rule"],
            article=row["article"],
            title=row["title"],
            value=None if row.get("value") is None else float(row["value"]),
            unit=row["unit"],
            valid_from=row["valid_from"],
            valid_to=row.get("valid_to"),
            status=row["status"],
            source=row["source"],
        )
        for row in tomllib.loads(text)["threshold"]
    )


def find(rule: str, on: date) -> Threshold | None:
    """The value of `rule` in force on that day, or None."""
    return next((t for t in all_thresholds() if t.rule == rule and t.in_force(on)), None)


def next_after(rule: str, on: date) -> Threshold | None:
    """The value of `rule` that takes effect first after that day, or None."""
    later = (t for t in all_thresholds() if t.rule == rule and t.valid_from > on)
    return min(later, key=lambda t: t.valid_from, default=None)
