"""Addresses: only public ones are joined, and only those that were checked."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
import trustme

from importers.http import Access, Client, ForbiddenAddress, Network, Passing, Unreachable
from importers.http.network import is_public, system_addresses
from tests.factories.publisher import Patience, Publisher, json_reply, local_network, publishing

HOST = "api.example.org"
URL = f"https://{HOST}/donnees"


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    with publishing(HOST) as publisher:
        publisher.on(URL, json_reply({"ok": True}))
        yield publisher


def client(network: Network, *hosts: str) -> Client:
    patience = Patience()
    access = Access(frozenset(hosts or {HOST}), attempts=2)
    return Client(access, "test", network, sleep=patience.sleep, clock=patience.clock)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
        "198.18.0.1", "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd12::1", "ff02::1",
        "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::",
        "2001:0:1::1", "64:ff9b:1::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8", "37.59.183.75", "2001:41d0:301::21", "::ffff:8.8.8.8", "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)  # fmt: skip
def test_a_public_address_is_joined(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["10.0.0.8"], ["::1"], ["169.254.169.254"], ["93.184.215.14", "10.0.0.8"],
     ["fe80::1%eth0"]],
)  # fmt: skip
def test_a_name_that_leads_to_a_private_address_is_refused(
    publisher: Publisher, addresses: list[str]
) -> None:
    publisher.asked.clear()
    network = Network(lambda _host: [(a, publisher.server_port) for a in addresses])
    with client(network) as asking, pytest.raises(ForbiddenAddress, match="pas publique"):
        asking.get_json(URL)
    assert publisher.asked == []


def test_localhost_is_refused_by_the_system_s_own_resolver() -> None:
    assert {"127.0.0.1", "::1"} & {address for address, _ in system_addresses("localhost")}
    with client(Network(), "localhost") as asking, pytest.raises(ForbiddenAddress):
        asking.get_json("https://localhost/")


def test_a_name_is_resolved_once_and_its_address_joined(publisher: Publisher) -> None:
    """A name that changes between the check and the connection leads nowhere else."""
    answers = iter([[("127.0.0.1", publisher.server_port)], [("127.0.0.2", 9)]])
    trusted = local_network(publisher.server_port, publisher.authority.decode())
    network = Network(lambda _host: next(answers), trusted.permits, trusted.tls)
    with client(network) as asking:
        assert asking.get_json(URL) == {"ok": True}
        with pytest.raises(ForbiddenAddress):
            asking.get_json(URL)


def test_the_next_address_is_tried_when_one_does_not_answer(publisher: Publisher) -> None:
    trusted = local_network(publisher.server_port, publisher.authority.decode())
    both = [("127.0.0.1", 9), ("127.0.0.1", publisher.server_port)]
    with client(Network(lambda _host: both, trusted.permits, trusted.tls)) as asking:
        assert asking.get_json(URL) == {"ok": True}


def test_a_certificate_of_another_name_is_refused(publisher: Publisher) -> None:
    publisher.asked.clear()
    asking = client(publisher.network, "other.example.org")
    with asking, pytest.raises(Unreachable, match="certificat"):
        asking.get_json("https://other.example.org/donnees")
    assert publisher.asked == []


def test_a_certificate_of_an_unknown_authority_is_refused(publisher: Publisher) -> None:
    trusted = publisher.network
    asking = client(Network(trusted.resolve, trusted.permits))
    with asking, pytest.raises(Unreachable, match="certificat"):
        asking.get_json(URL)


def test_a_name_that_nobody_knows_is_said() -> None:
    def unknown(_host: str) -> list[tuple[str, int]]:
        raise OSError

    with client(Network(unknown)) as asking, pytest.raises(Unreachable, match="n'a pas été trouvé"):
        asking.get_json(URL)


def test_a_proxy_of_the_environment_is_not_used(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with client(publisher.network) as asking:
        assert asking.get_json(URL) == {"ok": True}


def test_answer_whose_headers_never_end_is_cut() -> None:
    """Each byte comes in time, and all of them never."""
    authority = trustme.CA()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(HOST).configure_cert(tls)
    done = threading.Event()

    def drip(listening: socket.socket) -> None:
        with suppress(OSError), tls.wrap_socket(listening.accept()[0], server_side=True) as taken:
            taken.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
            while not done.wait(0.02):
                taken.sendall(b"a")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,), daemon=True)
        thread.start()
        network = local_network(listening.getsockname()[1], authority.cert_pem.bytes().decode())
        access = Access(frozenset({HOST}), attempts=1, max_seconds=0.2, read_seconds=5.0)
        with (
            Client(access, "annuaire (test)", network) as client,
            pytest.raises(Passing),
            client.answer(f"https://{HOST}/", {}, b"{}"),
        ):
            pass
        done.set()
        thread.join()
