"""Requests to the hosts that a source declares: gentle, patient, bounded."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import orjson
import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    InvalidHeader,
    NewConnectionError,
    SSLError,
)
from urllib3.util import Retry

from importers.http.errors import (
    ForbiddenAddress,
    HttpStatus,
    Passing,
    Paused,
    TooSlow,
    Unreachable,
    WrongContent,
)
from importers.http.network import Address, Network

Answer = urllib3.BaseHTTPResponse
T = TypeVar("T")

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
MAX_REDIRECTS = 5
MAX_WAIT = 300.0  # seconds that a service may ask us to wait; past that, come back later
MAX_PAUSE = 60.0  # seconds between two attempts when the service says nothing
BLOCK = 65_536
TIMEOUT = urllib3.Timeout(connect=10, read=60)


@dataclass(frozen=True, slots=True)
class Access:
    """Which hosts may be reached, by their exact names, and how gently: requests a second to one
    host, attempts, bytes of one answer held in memory, seconds that one answer may take."""

    hosts: frozenset[str]
    per_second: float = 2.0
    attempts: int = 5
    max_answer: int = 50_000_000
    max_seconds: float = 3600.0


@dataclass(frozen=True, slots=True)
class Page:
    """A text and the address that it was finally read at."""

    url: str
    text: str


class Client:
    """A client for one source; closes its connections at the end of a `with`.

    Raises OnlineError in its kinds, never an error of a library.
    """

    def __init__(
        self,
        access: Access,
        user_agent: str,
        network: Network | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.access = access
        self._network = network or Network()
        self._headers = {"User-Agent": user_agent}
        self._sleep, self._clock = sleep, clock
        self._pools: dict[tuple[str, Address], urllib3.HTTPSConnectionPool] = {}
        self._free: dict[str, float] = {}  # when each host may be asked again

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools.values():
            pool.close()

    def get_json(
        self,
        url: str,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The JSON at an address. `headers` (a token) do not follow to another host."""
        full = f"{url}?{urlencode(params)}" if params else url
        asked = {"Accept": "application/json", **(headers or {})}
        _, data = self.retrying(lambda: self._whole(full, asked))
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError:
            host = urlsplit(url).hostname
            raise WrongContent(f"{host} n'a pas répondu en JSON : {_start(data)}") from None

    def get_page(self, url: str) -> Page:
        """The text (UTF-8) of a web page."""
        final, data = self.retrying(lambda: self._whole(url, {"Accept": "text/html"}))
        return Page(final, data.decode("utf-8", "replace"))

    def retrying(self, attempt: Callable[[], T]) -> T:
        """The result of `attempt`, tried again after passing failures, each time later.

        Attempts are counted since the last that brought much. Raises Unreachable after the last,
        Paused when the service asks for more patience than we have.
        """
        failures = 0
        while True:
            try:
                return attempt()
            except Passing as failure:
                failures = 1 if failure.progressed else failures + 1
                wait = failure.wait
                if wait is not None and wait > MAX_WAIT:
                    raise Paused(
                        f"{_sentence(failure.reason)} ; le service demande d'attendre "
                        f"{wait / 60:.0f} minutes. Relancez la commande après ce délai."
                    ) from failure
                if failures >= self.access.attempts:
                    raise Unreachable(
                        f"{_sentence(failure.reason)}, après {failures} essais. Relancez la "
                        "commande plus tard : ce qui est déjà téléchargé est gardé."
                    ) from failure
                self._sleep(wait if wait is not None else min(MAX_PAUSE, 2.0**failures))

    @contextmanager
    def answer(self, url: str, headers: Mapping[str, str]) -> Iterator[tuple[str, Answer]]:
        """One answer, redirects followed, its body not read yet, with its final address.

        Raises HttpStatus, Passing, ForbiddenAddress. 2xx, 304 and 416 are given.
        """
        asked = dict(headers)
        for _ in range(MAX_REDIRECTS + 1):
            host, path = self._checked(url)
            response = self._send(host, path, asked)
            try:
                location = response.get_redirect_location()
                if not location:
                    _check_status(host, path, response)
                    yield url, response
                    return
            finally:
                # Closed, never emptied: a body that nobody wants may have no end.
                if not response.closed:
                    response.close()
            url = _joined(url, location)
            if urlsplit(url).hostname != host:
                asked.pop("Authorization", None)
        raise WrongContent(f"{host} redirige sans fin ({MAX_REDIRECTS} fois) pour {path[:200]}.")

    def blocks(self, response: Answer, *, decode: bool) -> Iterator[bytes]:
        """The body as it comes, not longer than `max_seconds`; raises Passing when it is cut."""
        until = self._clock() + self.access.max_seconds
        try:
            while block := response.read1(BLOCK, decode_content=decode):
                yield block
                if self._clock() > until:
                    raise TooSlow("le service répond trop lentement")
        except DecodeError as error:
            raise Passing("la réponse est abîmée") from error
        except HTTPError as error:
            raise Passing("la connexion a été coupée pendant la réponse") from error

    def _whole(self, url: str, headers: Mapping[str, str]) -> tuple[str, bytes]:
        data = bytearray()
        with self.answer(url, {"Accept-Encoding": "gzip", **headers}) as (final, response):
            for block in self.blocks(response, decode=True):
                data += block
                if len(data) > self.access.max_answer:
                    raise WrongContent(
                        f"{urlsplit(final).hostname} : la réponse dépasse "
                        f"{self.access.max_answer // 10**6} Mo, la lecture s'arrête."
                    )
        return final, bytes(data)

    def _checked(self, url: str) -> tuple[str, str]:
        """Host and path of an address. Raises ForbiddenAddress unless it is https, without
        account, on the usual port, of a declared host."""
        try:
            parts = urlsplit(url)
            usual = parts.scheme == "https" and parts.port in (None, 443)
            path = urllib3.util.parse_url(url).request_uri
        except ValueError:
            raise ForbiddenAddress(f"L'adresse « {url[:200]} » est mal formée.") from None
        host = (parts.hostname or "").rstrip(".")
        if not usual or "@" in parts.netloc or host not in self.access.hosts:
            raise ForbiddenAddress(
                f"L'adresse « {url[:200]} » n'est pas de celles que cette source peut joindre "
                f"(https, {', '.join(sorted(self.access.hosts))}) : rien n'y a été demandé."
            )
        return host, path

    def _send(self, host: str, path: str, headers: Mapping[str, str]) -> Answer:
        """One request, to the first address of the host that answers."""
        self._wait_turn(host)
        failure: HTTPError | None = None
        for address in self._network.addresses(host):
            try:
                return self._pool(host, address).urlopen(
                    "GET",
                    path,
                    headers={"Host": host, **self._headers, **headers},
                    retries=False,
                    redirect=False,
                    assert_same_host=False,
                    preload_content=False,
                    decode_content=False,
                    timeout=TIMEOUT,
                )
            except (NewConnectionError, ConnectTimeoutError) as error:
                failure = error
            except SSLError as error:
                if "CERTIFICATE_VERIFY_FAILED" in str(error):
                    raise Unreachable(
                        f"Le certificat de {host} n'est pas valable : rien n'a été demandé."
                    ) from error
                raise Passing(f"{host} a coupé la connexion") from error
            except HTTPError as error:
                raise Passing(f"{host} n'a pas répondu") from error
        raise Passing(f"{host} ne peut pas être joint") from failure

    def _pool(self, host: str, address: Address) -> urllib3.HTTPSConnectionPool:
        """Connections to one checked address that prove, by certificate, to be the host's."""
        if (host, address) not in self._pools:
            ip, port = address
            self._pools[host, address] = urllib3.HTTPSConnectionPool(
                ip,
                port,
                maxsize=1,
                server_hostname=host,
                ssl_context=self._network.tls,
            )
        return self._pools[host, address]

    def _wait_turn(self, host: str) -> None:
        now = self._clock()
        turn = max(now, self._free.get(host, now))
        self._free[host] = turn + 1 / self.access.per_second
        if turn > now:
            self._sleep(turn - now)


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise ForbiddenAddress(f"L'adresse « {location[:200]} » est mal formée.") from None


def _check_status(host: str, path: str, response: Answer) -> None:
    status = response.status
    if 200 <= status < 300 or status in (304, 416):
        return
    if status in PASSING:
        raise Passing(f"{host} a répondu {status}", _asked_wait(response))
    raise HttpStatus(host, path, status)


def _asked_wait(response: Answer) -> float | None:
    """Seconds of the header Retry-After, a number or a date."""
    try:
        return Retry().get_retry_after(response)
    except InvalidHeader:
        return None


def _start(data: bytes) -> str:
    """The beginning of an answer that is not what it should be, for a message."""
    text = " ".join(data[:400].decode("utf-8", "replace").split())
    return f"« {text[:120]} »." if text else "la réponse est vide."


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:]
