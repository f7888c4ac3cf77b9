"""Connections: only to declared hosts, to the address that was checked, at the host's pace."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3 import HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, SSLError

from importers.http.errors import ForbiddenAddress, Passing, Unreachable
from importers.http.network import Address, Network, cut

Answer = urllib3.BaseHTTPResponse

CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Access:
    """Which hosts may be reached, by their exact names, and how gently: requests a second to one
    host, attempts, bytes of one answer held in memory, seconds that one answer may take."""

    hosts: frozenset[str]
    per_second: float = 2.0
    attempts: int = 5
    max_answer: int = 50_000_000
    max_seconds: float = 3600.0
    read_seconds: float = 60.0  # between two parts of an answer


class _Connection(HTTPSConnection):
    """A connection whose answer begins within `patience` seconds: who sends its headers a byte at a
    time is never silent long enough for the time limit of a read."""

    def __init__(self, *args: Any, patience: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience, self._late = patience, False

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3's own
        """The answer, its body not read yet. Raises TimeoutError."""
        watch = Timer(self._patience, self._cut)
        watch.daemon = True
        watch.start()
        try:
            return super().getresponse()
        finally:
            watch.cancel()
            if self._late:  # what came of it looks like a whole answer
                raise TimeoutError

    def _cut(self) -> None:
        self._late = True
        cut(self.sock)


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class Door:
    """The way out for one client; `sleep` and `clock` count in seconds."""

    def __init__(
        self,
        access: Access,
        user_agent: str,
        network: Network,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self.access = access
        self._network = network
        self._headers = {"User-Agent": user_agent}
        self._sleep, self._clock = sleep, clock
        self._timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=access.read_seconds)
        self._pools: dict[tuple[str, Address], _Pool] = {}
        self._free: dict[str, float] = {}  # when each host may be asked again

    def close(self) -> None:
        """Close what is open."""
        for pool in self._pools.values():
            pool.close()

    def checked(self, url: str) -> tuple[str, str]:
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

    def send(
        self, host: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> Answer:
        """One request, to the first address of the host that answers; with a body, a POST."""
        self._wait_turn(host)
        failure: HTTPError | None = None
        for address in self._network.addresses(host):
            try:
                return self._pool(host, address).urlopen(
                    "GET" if body is None else "POST",
                    path,
                    body=body,
                    headers={"Host": host, **self._headers, **headers},
                    retries=False,
                    redirect=False,
                    assert_same_host=False,
                    preload_content=False,
                    decode_content=False,
                    timeout=self._timeout,
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

    def _pool(self, host: str, address: Address) -> _Pool:
        """Connections to one checked address that prove, by certificate, to be the host's."""
        if (host, address) not in self._pools:
            ip, port = address
            self._pools[host, address] = _Pool(
                ip,
                port,
                maxsize=1,
                patience=self.access.max_seconds,
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
