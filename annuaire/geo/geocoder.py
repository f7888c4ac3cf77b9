"""Addresses to coordinates through the State's geocoding service (BAN, run by the Géoplateforme).

One request an address: the service also takes CSV files (`/search/csv`), but geopy, which gives us
its errors and its pace, does not; and a directory has a few thousand addresses at most, each asked
once, which 20 requests a second (50 are allowed) answer in minutes and can be stopped anywhere.

geopy is imported at the first question: most commands and pages only know the form of an answer.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

# BAN's kinds of result, as the precision that importers record.
_PRECISIONS = {"housenumber": "number", "street": "street", "locality": "street"}
MAX_ADDRESS = 200  # characters that the service takes


@dataclass(frozen=True, slots=True)
class Geocoded:
    """WGS84 degrees; `score` 0 to 1; `precision` is "number", "street" or "commune"."""

    lat: float
    lon: float
    score: float
    precision: str
    code_insee: str | None
    label: str


class GeocoderAway(Exception):  # noqa: N818 - a state of the service
    """The service did not answer as it should: `reason` is the kind of failure; `wait` the seconds
    that it asks to wait (HTTP 429), None when it says nothing."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait


class Geocoder:
    """A patient client of the service at `address` (host and path; https unless it says http).

    At most `per_second` requests a second, each given `timeout` seconds and no second try. geopy's
    own default domain closed in January 2026, so the address has no default here.
    """

    def __init__(self, address: str, *, timeout: float = 5, per_second: float = 20) -> None:
        self._parts = urlsplit(address if "://" in address else f"https://{address}")
        self._timeout = timeout
        self._per_second = per_second
        self._lock = threading.Lock()

    @cached_property
    def _ask(self) -> Callable[[str], Any]:
        from geopy.adapters import URLLibAdapter  # type: ignore[import-untyped]  # ships no types
        from geopy.extra.rate_limiter import RateLimiter  # type: ignore[import-untyped]  # idem
        from geopy.geocoders import BANFrance  # type: ignore[import-untyped]  # idem

        client = BANFrance(
            domain=f"{self._parts.netloc}{self._parts.path}",
            scheme=self._parts.scheme,
            timeout=self._timeout,
            user_agent="annuaire",
            # The other adapter, taken when « requests » is there, tries again by itself, and waits.
            adapter_factory=URLLibAdapter,
        )
        limited: Callable[[str], Any] = RateLimiter(
            client.geocode,
            min_delay_seconds=1 / self._per_second,
            max_retries=0,
            swallow_exceptions=False,
        )
        return limited

    def ask(self, address: str) -> Geocoded | None:
        """The service's best answer; None when it finds nothing. Raises GeocoderAway."""
        from geopy.exc import (  # type: ignore[import-untyped]  # geopy ships no types
            GeocoderQueryError,
            GeocoderRateLimited,
            GeopyError,
        )

        if not address.strip():
            return None
        try:
            with self._lock:
                location = self._ask(address[:MAX_ADDRESS])
        except GeocoderQueryError:
            return None  # the service refuses the words themselves: asking again is of no use
        except GeocoderRateLimited as error:
            raise GeocoderAway("GeocoderRateLimited", float(error.retry_after or 5)) from error
        # Besides geopy's own errors, what it lets out of an answer that is not of the documented
        # shape: the service is then as good as away.
        except (GeopyError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise GeocoderAway(type(error).__name__) from error
        if location is None:
            return None
        return _read(location.raw, location.latitude, location.longitude)


def _read(raw: dict[str, object], lat: float, lon: float) -> Geocoded:
    properties = raw.get("properties")
    given = properties if isinstance(properties, dict) else {}
    try:
        score = float(given.get("score", 0))
    except (TypeError, ValueError):
        score = 0.0
    code = given.get("citycode")
    return Geocoded(
        lat=lat,
        lon=lon,
        score=score,
        precision=_PRECISIONS.get(str(given.get("type", "")), "commune"),
        code_insee=str(code) if code else None,
        label=str(given.get("label") or ""),
    )
