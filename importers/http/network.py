"""Where connections may go: names resolved once, addresses checked, then joined as they are."""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from importers.http.errors import ForbiddenAddress, Passing

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Address = tuple[str, int]  # an IP in text, a port

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: an IPv4 in its last 32 bits


def system_addresses(host: str) -> list[Address]:
    """What the system's resolver says of a host, for https. Raises OSError when it knows none."""
    found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((str(address[0]), 443) for *_, address in found))


def cut(connected: socket.socket | None) -> None:
    """End a connection in which another thread waits; one that is closed meanwhile is no error."""
    if connected is not None:
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)


def is_public(ip: IP) -> bool:
    """Whether an address belongs to the public internet, whatever form it is written in.

    Private, loopback, link-local, shared (RFC 6598), multicast, reserved and documentation
    addresses do not, nor does an IPv6 address that carries such an IPv4 one.
    """
    if isinstance(ip, ipaddress.IPv6Address):
        if (carried := _carried(ip)) is not None:
            return is_public(carried)
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _carried(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside a mapped, 6to4 or NAT64 one."""
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


@dataclass(frozen=True, slots=True)
class Network:
    """The internet as a client sees it. Tests hand over one that leads to their own servers:
    `resolve` gives the addresses of a host, `permits` says which may be joined, `tls` whom to
    trust (None: the system's authorities)."""

    resolve: Callable[[str], Sequence[Address]] = system_addresses
    permits: Callable[[IP], bool] = is_public
    tls: ssl.SSLContext | None = None

    def addresses(self, host: str) -> Sequence[Address]:
        """The addresses of a host, all checked: connections go to these and ask no name again.

        Raises ForbiddenAddress when even one may not be joined.
        """
        try:
            found = self.resolve(host)
        except (OSError, UnicodeError) as error:  # UnicodeError: what can be no host's name
            raise Passing(f"le nom « {host} » n'a pas été trouvé") from error
        for text, _ in found:
            if not self.permits(ipaddress.ip_address(text.partition("%")[0])):
                raise ForbiddenAddress(
                    f"« {host} » mène à l'adresse {text}, qui n'est pas publique : rien n'a été "
                    "demandé. Vérifiez la résolution de noms de ce serveur."
                )
        return found
