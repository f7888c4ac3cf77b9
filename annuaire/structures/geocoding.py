"""Looking up, in the national address base (BAN), the addresses that have no true point yet.

A job, never a page. Each distinct address is asked once (`annuaire.addresses`); what was asked is
kept batch by batch, so a job that is killed, or whose service goes away, is gone on with later.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from time import sleep
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from annuaire import runs
from annuaire.addresses import Kept, keep_answers, kept_answers, key_of
from annuaire.db import reading, writing
from annuaire.geo.geocoder import Geocoded, GeocoderAway
from annuaire.structures import additions, queries
from annuaire.structures.geojudging import Refused, judge
from annuaire.structures.points import BAN, address_asked
from annuaire.wording import pluriel

BATCH: Final = 25  # addresses asked between two transactions: at most two seconds of work lost
TRIES: Final = 3  # of one address when the service is away
PAUSE: Final = 2.0  # seconds between two tries, unless the service says how long
LONGEST_PAUSE: Final = 30.0
AWAY_IN_A_ROW: Final = 3  # addresses given up one after the other before the job stops

Ask = Callable[[str], Geocoded | None]


@dataclass(slots=True)
class Geocoding:
    """What the job did. `candidates`: structures with an address and no true point; `asked`:
    requests answered; `placed`: structures that got a point; `not_found`, `refused`: structures
    whose address the base does not know, or whose answer cannot be right; `stopped`: why the job
    ended before its end."""

    candidates: int = 0
    asked: int = 0
    placed: int = 0
    not_found: int = 0
    refused: int = 0
    unchanged: int = 0
    stopped: str | None = None
    run_id: int | None = None
    remarks: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 all done; 1 stopped, what was done is kept; 2 nothing done."""
        if self.stopped is None:
            return 0
        return 1 if self.asked or self.placed else 2


def geocode(
    session: Session,
    ask: Ask,
    today: date,
    *,
    limit: int | None = None,
    retry_failed: bool = False,
    on_step: Callable[[int], None] = lambda _: None,
    pause: Callable[[float], None] = sleep,
) -> Geocoding:
    """Place the structures that have an address and no true point; at most `limit` requests.

    `retry_failed` asks again what was not found or was refused. Never raises when the service is
    away: it is said in `stopped`, and what was answered is kept.
    """
    done = Geocoding()
    asking = _Asking(ask, pause, limit)
    try:
        for rows in _pages(session):
            done.candidates += len(rows)
            _place(session, rows, asking, done, today, retry_failed=retry_failed)
            on_step(len(rows))
            if asking.over:
                break
    finally:
        done.asked, done.stopped = asking.count, asking.stopped
        if done.run_id:
            with writing(session):
                runs.close_run(
                    session, done.run_id, "failed" if done.stopped else "done",
                    _counts(done), done.stopped,
                )  # fmt: skip
    return done


def _counts(done: Geocoding) -> dict[str, Any]:
    return {
        "read": done.candidates,
        "accepted": done.placed,
        "updated": done.placed,
        "unchanged": done.unchanged,
        "refused": done.refused,
        "ignored": done.not_found,
        "issues": len(done.remarks),
    }


def _pages(session: Session) -> Iterator[Sequence[Any]]:
    last = 0
    while rows := reading(session).execute(queries.without_true_point(last, BATCH)).all():
        session.rollback()
        yield rows
        last = rows[-1].id


class _Asking:
    """The service, asked patiently: `over` once the limit is reached or the service is away."""

    def __init__(self, ask: Ask, pause: Callable[[float], None], limit: int | None) -> None:
        self._ask, self._pause, self._limit = ask, pause, limit
        self._away = 0  # addresses given up one after the other
        self._given_up = 0
        self.count = 0
        self.over = False
        self._stopped: str | None = None

    @property
    def stopped(self) -> str | None:
        """Why the job ended before its end, or what it must be run again for."""
        if self._stopped or not self._given_up:
            return self._stopped
        return (
            f"{pluriel(self._given_up, 'adresse')} sans réponse du service : relancez "
            "« annuaire geocode » plus tard. Le reste est gardé."
        )

    def __call__(self, address: str) -> tuple[bool, Geocoded | None]:
        """Whether the service answered, and its answer."""
        for attempt in range(1, TRIES + 1):
            try:
                found = self._ask(address)
            except GeocoderAway as away:
                if attempt < TRIES:
                    self._pause(min(LONGEST_PAUSE, away.wait or PAUSE * attempt))
                    continue
                self._give_up(away.reason)
                return False, None
            self._away = 0
            self.count += 1
            self.over = self._limit is not None and self.count >= self._limit
            return True, found
        raise AssertionError  # the loop always returns

    def _give_up(self, reason: str) -> None:
        self._away += 1
        self._given_up += 1
        if self._away >= AWAY_IN_A_ROW:
            self.over = True
            self._stopped = (
                f"Le service d'adresses ne répond pas ({reason}). Ce qui a été placé est gardé ; "
                "relancez « annuaire geocode » plus tard, il reprendra où il s'est arrêté."
            )


def _place(
    session: Session,
    rows: Sequence[Any],
    asking: _Asking,
    done: Geocoding,
    today: date,
    *,
    retry_failed: bool,
) -> None:
    """Ask what is not known of a page of structures, and store the answers in one transaction."""
    lines = {row.id: address_asked(row._mapping) for row in rows}
    keys = {id_: key_of(line) for id_, line in lines.items()}
    kept = kept_answers(reading(session), set(keys.values()))
    session.rollback()
    now = datetime.now(UTC)
    wanted = {
        keys[row.id]: lines[row.id]
        for row in rows
        if _to_ask(kept.get(keys[row.id]), row, now, retry_failed=retry_failed)
    }
    answers: dict[str, Geocoded | None] = {}
    for key, line in wanted.items():
        if asking.over:
            break
        answered, found = asking(line)
        if answered:
            answers[line] = found
            kept[key] = Kept(found, now)
    fresh = {key_of(line) for line in answers}
    _store(session, rows, lines, kept, fresh, answers, done, today)


def _to_ask(kept: Kept | None, row: Any, now: datetime, *, retry_failed: bool) -> bool:
    if kept is None or not kept.holds(now):
        return True
    return retry_failed and (kept.found is None or judge(kept.found, row) is not None)


def _store(
    session: Session,
    rows: Sequence[Any],
    lines: dict[int, str],
    kept: dict[str, Kept],
    fresh: set[str],
    answers: dict[str, Geocoded | None],
    done: Geocoding,
    today: date,
) -> None:
    data: dict[int, dict[str, Any]] = {}
    refused: list[tuple[Any, Refused]] = []
    for row in rows:
        answer = kept.get(key_of(lines[row.id]))
        if answer is None:
            continue
        if answer.found is None:
            done.not_found += 1
        elif why := judge(answer.found, row):
            done.refused += 1
            if key_of(lines[row.id]) in fresh:
                refused.append((row, why))
        else:
            data[row.id] = _said(answer.found, lines[row.id])
    found = additions.additions(reading(session), BAN, data)
    session.rollback()
    done.placed += len(found)
    done.unchanged += len(data) - len(found)
    if not (found or answers):
        return
    with writing(session):
        keep_answers(session, answers)
        if found or refused:
            done.run_id = done.run_id or runs.open_run(session, BAN, "adresses sans point précis")
            additions.add(session, BAN, done.run_id, found, today)
            _remark(session, done, refused)


def _said(found: Geocoded, asked: str) -> dict[str, Any]:
    """The record of an answer: the address that was asked is part of it."""
    return {
        "asked": asked,
        "lat": round(found.lat, 6),
        "lon": round(found.lon, 6),
        "geo_precision": found.precision,
        "score": round(found.score, 3),
        "label": found.label,
    }


def _remark(session: Session, done: Geocoding, refused: Sequence[tuple[Any, Refused]]) -> None:
    issues = [
        {
            "run_id": done.run_id,
            "row": None,
            "field": "adresse",
            "code": why.code,
            "message": f"{row.key}, {row.name} : {why.message}",
            "refused": True,
        }
        for row, why in refused
    ]
    if issues:
        session.execute(insert(runs.ImportIssue), issues)
        done.remarks += [str(issue["message"]) for issue in issues]
