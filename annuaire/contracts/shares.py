"""The shares of a buyer's contracts that carry clauses, against the national targets; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from annuaire.law import thresholds

FEW: Final = 20  # contracts under which a share says little: one more changes it by 5 points
SOCIAL, ENVIRONMENT = "national_target.social", "national_target.environment"


@dataclass(frozen=True, slots=True)
class Year:
    """What a buyer published in a year: all its contracts; those `counted`, neither cancelled nor
    only announced; and among these those with clauses."""

    year: int
    all: int
    counted: int
    social: int
    environmental: int


@dataclass(frozen=True, slots=True)
class Target:
    """A national target: `share` of 1, the plan that sets it, its last day when that is known."""

    share: float
    title: str
    plan: str
    valid_from: date
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Share:
    """A share of 1 of `counted` contracts; None where there is none to count. `few` says that they
    are too few for the share to mean much, `target` the one in force in that period, if any."""

    with_clause: int
    counted: int
    share: float | None
    few: bool
    target: Target | None


@dataclass(frozen=True, slots=True)
class Line:
    """A period with its two shares."""

    year: Year
    social: Share
    environmental: Share


def lines(years: Iterable[Year]) -> list[Line]:
    """Each year with its shares; a target is that in force on the year's last day."""
    return [_line(year, date(year.year, 12, 31)) for year in years]


def under_plan(years: Sequence[Year]) -> Line | None:
    """The whole of the years in which the newest national target holds; None when there is none."""
    if not (targets := targets_known()):
        return None
    newest = targets[0]
    last = newest.valid_to.year if newest.valid_to else date.max.year
    kept = [year for year in years if newest.valid_from.year <= year.year <= last]
    return _line(_sum(kept), date(min(last, 9998), 12, 31)) if kept else None


def whole(years: Sequence[Year]) -> Line | None:
    """All the years together, which no one target covers; None when there is none."""
    return _line(_sum(years), None) if years else None


def targets_known() -> tuple[Target, Target] | None:
    """The newest national targets for social and for environmental clauses, in force or past."""
    social, environment = (_newest(rule) for rule in (SOCIAL, ENVIRONMENT))
    return (social, environment) if social and environment else None


def _newest(rule: str) -> Target | None:
    found = [t for t in thresholds.all_thresholds() if t.rule == rule]
    return _target(max(found, key=lambda t: t.valid_from)) if found else None


def _sum(years: Sequence[Year]) -> Year:
    names = ("all", "counted", "social", "environmental")
    return Year(years[0].year, *(sum(getattr(year, name) for year in years) for name in names))


def _line(year: Year, on: date | None) -> Line:
    return Line(
        year,
        _share(year.social, year.counted, SOCIAL, on),
        _share(year.environmental, year.counted, ENVIRONMENT, on),
    )


def _share(with_clause: int, counted: int, rule: str, on: date | None) -> Share:
    found = thresholds.find(rule, on) if on else None
    return Share(
        with_clause=with_clause,
        counted=counted,
        share=with_clause / counted if counted else None,
        few=counted < FEW,
        target=_target(found) if found else None,
    )


def _target(found: thresholds.Threshold) -> Target:
    return Target(
        share=found.value or 0.0,
        title=found.title,
        plan=found.article,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        source=found.source,
    )
