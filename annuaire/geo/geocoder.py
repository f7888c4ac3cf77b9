"""Addresses to coordinates through the State's geocoding service. For jobs, never for pages."""

import threading
from dataclasses import dataclass

from geopy.exc import GeopyError  # type: ignore[import-untyped]  # geopy ships no types
from geopy.extra.rate_limiter import RateLimiter  # type: ignore[import-untyped]  # idem
from geopy.geocoders import BANFrance  # type: ignore[import-untyped]  # idem

# BAN's kinds of result, as the precision that importers record.
_PRECISIONS = {"housenumber": "number", "street": "street", "locality": "street"}


@dataclass(frozen=True, slots=True)
class Geocoded:
    """WGS84 degrees; `score` 0 to 1; `precision` is "number", "street" or "commune"."""

    lat: float
    lon: float
    score: float
    precision: str
    code_insee: str | None


class Geocoder:
    """A patient client of the service at `domain` (with its path, without scheme).

    At most `per_second` requests a second, each given `timeout` seconds and no second try. geopy's
    own default domain closed in January 2026, so the domain has no default here.
    """

    def __init__(
        self, domain: str, *, scheme: str = "https", timeout: float = 5, per_second: float = 10
    ) -> None:
        client = BANFrance(domain=domain, scheme=scheme, timeout=timeout, user_agent="annuaire")
        self._lock = threading.Lock()
        self._ask = RateLimiter(
            client.geocode,
            min_delay_seconds=1 / per_second,
            max_retries=0,
            swallow_exceptions=False,
        )

    def geocode(self, address: str) -> tuple[Geocoded | None, str | None]:
        """The best answer, or None and the reason: "empty", "not-found", "error: …"."""
        if not address.strip():
            return None, "empty"
        try:
            with self._lock:
                location = self._ask(address)
        except (GeopyError, ValueError, KeyError) as error:
            return None, f"error: {type(error).__name__}"
        if location is None:
            return None, "not-found"
        properties = location.raw.get("properties", {})
        return Geocoded(
            lat=location.latitude,
            lon=location.longitude,
            score=float(properties.get("score", 0)),
            precision=_PRECISIONS.get(properties.get("type", ""), "commune"),
            code_insee=properties.get("citycode"),
        ), None
