"""The exact place of an address typed in a page: from the kept answers, else from the base (BAN).

A page never waits longer than `WAIT` seconds for it, whatever the network does: the question is
asked in a thread, whose answer is kept for the next time even when it came too late. After
`FAILURES` failures in a row nothing is asked for `REST` seconds, so a dead service costs nothing.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from datetime import UTC, datetime
from time import monotonic
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from annuaire.addresses import Kept, keep_answers, kept_answers, key_of
from annuaire.db import reading, writing
from annuaire.geo.free_address import Located, exact_place, find_place
from annuaire.geo.geocoder import Geocoded, Geocoder, GeocoderAway
from annuaire.geo.places import MAX_TEXT_LENGTH

WAIT: Final = 1.5  # seconds
PER_SECOND: Final = 5.0  # requests of one process: pages are few, the base is for all
FAILURES: Final = 3
REST: Final = 60.0  # seconds
WAITING: Final = 4  # questions at a time; more are not asked
REMEMBERED: Final = 500  # answers kept in memory

log = logging.getLogger(__name__)


class Breaker:
    """Whether the service may be asked: not for a while after failures in a row."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._failures = 0
        self._until = 0.0

    @property
    def open(self) -> bool:
        return self._clock() < self._until

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES:
            self._until = self._clock() + REST

    def answered(self) -> None:
        self._failures = 0
        self._until = 0.0


class AddressLookup:
    """A finder of places (`annuaire.geo.free_address.Finder`) that knows addresses exactly.

    `engine` gives the database where answers are kept. Nothing is asked for what is no address,
    or for an address whose commune is not recognised.
    """

    def __init__(
        self, engine: Callable[[], Engine], geocoder: Geocoder, breaker: Breaker | None = None
    ) -> None:
        self._engine = engine
        self._geocoder = geocoder
        self._breaker = breaker or Breaker()
        self._lock = threading.Lock()
        self._asking: dict[str, Future[Geocoded | None]] = {}
        self._remembered: OrderedDict[str, Kept] = OrderedDict()
        self._threads: ThreadPoolExecutor | None = None

    def __call__(self, text: str) -> Located | None:
        """The place that a text names, the exact point of an address when it is known in time."""
        plain = find_place(text)
        if plain is None or plain.note is None or plain.place.kind == "point":
            return plain
        found = self._answer(" ".join(text[:MAX_TEXT_LENGTH].split()))
        return (exact_place(text, found) if found else None) or plain

    def close(self) -> None:
        """Wait for what is being asked and kept; for the end of a process or of a test."""
        if self._threads:
            self._threads.shutdown(wait=True)
            self._threads = None

    def _answer(self, address: str) -> Geocoded | None:
        key = key_of(address)
        kept = self._remembered.get(key) or self._kept(key)
        if kept and kept.holds(datetime.now(UTC)):
            return kept.found
        asking = self._begin(key, address)
        if asking is None:
            return None
        try:
            return asking.result(WAIT)
        except (NotYet, GeocoderAway):
            return None

    def _kept(self, key: str) -> Kept | None:
        with Session(self._engine()) as session:
            return kept_answers(reading(session), [key]).get(key)

    def _begin(self, key: str, address: str) -> Future[Geocoded | None] | None:
        """The question being asked, begun if it was not; None when none may be asked now."""
        with self._lock:
            if key in self._asking:
                return self._asking[key]
            if self._breaker.open or len(self._asking) >= WAITING:
                return None
            self._threads = self._threads or ThreadPoolExecutor(2, "adresses")
            asking = self._threads.submit(self._geocoder.ask, address)
            self._asking[key] = asking
        asking.add_done_callback(lambda done: self._done(key, address, done))
        return asking

    def _done(self, key: str, address: str, done: Future[Geocoded | None]) -> None:
        """After the page was given its answer: keep it, or count the failure."""
        error = done.exception()
        with self._lock:
            self._asking.pop(key, None)
            if error:
                self._breaker.failed()
            else:
                self._breaker.answered()
                self._remembered[key] = Kept(done.result(), datetime.now(UTC))
                while len(self._remembered) > REMEMBERED:
                    self._remembered.popitem(last=False)
        if error:
            log.warning("address base: %r", error)
            return
        try:
            with Session(self._engine()) as session, writing(session):
                keep_answers(session, {address: done.result()})
        except SQLAlchemyError as failure:  # the database is busy or read-only: asked again later
            log.warning("address not kept: %s", failure)
