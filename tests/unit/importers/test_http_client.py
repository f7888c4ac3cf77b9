"""Requests: within the declared hosts, at their pace, patient with passing failures, bounded."""

import gzip
from collections.abc import Iterator
from contextlib import suppress
from email.utils import formatdate
from time import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.http import (
    Access,
    ForbiddenAddress,
    HttpStatus,
    OnlineError,
    Unreachable,
    WrongContent,
)
from tests.factories.publisher import (
    Patience,
    Publisher,
    Reply,
    html_reply,
    json_reply,
    publishing,
    redirect,
)

HOST, FILES, OTHER = "api.example.org", "files.example.org", "other.example.org"
URL = f"https://{HOST}/donnees"
ACCESS = Access(frozenset({HOST, FILES}), attempts=4, max_answer=1_000_000)
DONE = json_reply({"ok": True})


@pytest.fixture(scope="module")
def server() -> Iterator[Publisher]:
    with publishing(HOST, FILES, OTHER) as publisher:
        yield publisher


@pytest.fixture
def publisher(server: Publisher) -> Publisher:
    server.asked.clear()
    return server


def test_get_json_sends_parameters_and_says_who_asks(publisher: Publisher) -> None:
    publisher.on(URL, DONE)
    with publisher.client(ACCESS) as client:
        assert client.get_json(URL, {"q": "à l'été", "page": 2}) == {"ok": True}
    (asked,) = publisher.asked
    assert asked.query == {"q": "à l'été", "page": "2"}
    assert asked.headers["User-Agent"] == "annuaire (test)"


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}/donnees",
        f"https://{HOST}:8443/donnees",
        f"https://user:secret@{HOST}/donnees",
        f"https://{OTHER}/donnees",
        f"https://{HOST}.evil.org/",
        f"https://evil.org#@{HOST}/",
        f"https://evil.org\\@{HOST}/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/",
        "https://2130706433/",
        "https://[",
        "file:///etc/passwd",
        "//evil.org/",
    ],
)
def test_an_address_outside_the_declared_hosts_is_never_asked(
    publisher: Publisher, url: str
) -> None:
    publisher.on(URL, redirect(url))
    with publisher.client(ACCESS) as client:
        with pytest.raises(ForbiddenAddress):
            client.get_json(url)
        assert publisher.asked == []
        with pytest.raises(ForbiddenAddress):
            client.get_json(URL)
    assert len(publisher.asked) == 1


@given(
    st.text() | st.text("/:@#?\\[]. %\n\r\t\x00é1", max_size=12),
    st.sampled_from(["", "https://", f"https://{HOST}", f"https://{HOST}/", "https:", "//"]),
)
def test_whatever_the_address_only_declared_hosts_are_asked(
    server: Publisher, text: str, start: str
) -> None:
    """Written by an operator, an answer or a redirect, an address gives an answer or our error."""
    server.asked.clear()
    server.on(URL, DONE)
    with server.client(Access(frozenset({HOST}), attempts=1)) as client:
        with suppress(OnlineError):
            client.get_json(start + text)
        server.on(URL, redirect((start + text).encode("ascii", "xmlcharrefreplace").decode()))
        with suppress(OnlineError):
            client.get_json(URL)
    assert {asked.host for asked in server.asked} == {HOST}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_within_the_declared_hosts_is_followed(
    publisher: Publisher, status: int
) -> None:
    publisher.on(URL, redirect(f"https://{FILES}/ici?x=1", status))
    publisher.on(f"https://{FILES}/ici", redirect("../la"))
    publisher.on(f"https://{FILES}/la", DONE)
    with publisher.client(ACCESS) as client:
        client.get_json(URL, headers={"authorization": "Bearer secret"})
    assert [(a.host, a.path) for a in publisher.asked] == [
        (HOST, "/donnees"), (FILES, "/ici"), (FILES, "/la"),
    ]  # fmt: skip
    assert ["authorization" in asked.headers for asked in publisher.asked] == [True, False, False]


def test_redirects_without_end_are_given_up(publisher: Publisher) -> None:
    publisher.on(URL, redirect(URL))
    with publisher.client(ACCESS) as client, pytest.raises(WrongContent, match="redirige sans fin"):
        client.get_json(URL)
    assert len(publisher.asked) == 6


def test_the_pace_of_a_host_is_kept(publisher: Publisher) -> None:
    publisher.on(URL, DONE)
    publisher.on(f"https://{FILES}/x", DONE)
    patience = Patience()
    with publisher.client(Access(frozenset({HOST, FILES}), per_second=0.2), patience) as client:
        client.get_json(URL)
        client.get_json(f"https://{FILES}/x")
        assert patience.slept == []
        client.get_json(URL)
        assert patience.slept == [5.0]
        client.get_json(URL)
        assert patience.slept == [5.0, 5.0]


def test_passing_failures_are_tried_again_later_and_later(publisher: Publisher) -> None:
    publisher.on(URL, Reply(500), Reply(503), Reply(200, b"{}", cut_after=1), DONE)
    patience = Patience()
    with publisher.client(ACCESS, patience) as client:
        assert client.get_json(URL) == {"ok": True}
    assert patience.slept == [2.0, 4.0, 8.0]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(publisher: Publisher, status: int) -> None:
    publisher.on(URL, Reply(status, headers={"Retry-After": "17"}), DONE)
    patience = Patience()
    with publisher.client(ACCESS, patience) as client:
        assert client.get_json(URL) == {"ok": True}
    assert patience.slept == [17.0]


def test_retry_after_may_be_a_date(publisher: Publisher) -> None:
    publisher.on(URL, Reply(429, headers={"Retry-After": formatdate(time() + 120)}), DONE)
    patience = Patience()
    with publisher.client(ACCESS, patience) as client:
        client.get_json(URL)
    assert 0 < patience.slept[0] <= 120


def test_retry_after_that_is_nonsense_is_left_out(publisher: Publisher) -> None:
    publisher.on(
        URL, Reply(429, headers={"Retry-After": "bientôt".encode().decode("latin-1")}), DONE
    )
    patience = Patience()
    with publisher.client(ACCESS, patience) as client:
        client.get_json(URL)
    assert patience.slept == [2.0]


def test_a_pause_of_hours_is_left_to_the_operator(publisher: Publisher) -> None:
    publisher.on(URL, Reply(429, headers={"Retry-After": "7200"}))
    patience = Patience()
    with publisher.client(ACCESS, patience) as client, pytest.raises(Unreachable, match="120 min"):
        client.get_json(URL)
    assert (patience.slept, len(publisher.asked)) == ([], 1)


def test_a_service_that_stays_down_is_given_up(publisher: Publisher) -> None:
    publisher.on(URL, Reply(502))
    said = "a répondu 502, après 4 essais"
    with publisher.client(ACCESS) as client, pytest.raises(Unreachable, match=said):
        client.get_json(URL)
    assert len(publisher.asked) == 4


@pytest.mark.parametrize(
    ("status", "said"),
    [(304, "304"), (400, "refusée"), (401, "jeton"), (404, "introuvable"), (416, "416")],
)
def test_an_error_that_waiting_does_not_cure_is_said_at_once(
    publisher: Publisher, status: int, said: str
) -> None:
    publisher.on(URL, Reply(status))
    with publisher.client(ACCESS) as client, pytest.raises(HttpStatus, match=said) as caught:
        client.get_json(URL)
    assert (caught.value.status, len(publisher.asked)) == (status, 1)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (html_reply("<html><h1>Maintenance</h1>"), "Maintenance"),
        (Reply(body=b""), "vide"),
        (Reply(body=b"[" + b" " * 1_000_001), "dépasse 1 Mo"),
        (Reply(body=b" " * 70_000, endless=True), "dépasse 1 Mo"),
        (
            Reply(
                body=gzip.compress(bytes(10**8)),
                headers={"Content-Encoding": "gzip"},
            ),
            "dépasse 1 Mo",
        ),
    ],
    ids=["html", "empty", "long", "endless", "bomb"],
)
def test_an_answer_that_is_no_json_or_too_long_is_said(
    publisher: Publisher, reply: Reply, said: str
) -> None:
    publisher.on(URL, reply)
    with publisher.client(ACCESS) as client, pytest.raises(WrongContent, match=said):
        client.get_json(URL)
    assert len(publisher.asked) == 1


def test_a_compressed_answer_is_unpacked(publisher: Publisher) -> None:
    publisher.on(URL, Reply(200, gzip.compress(b'{"ok": true}'), {"Content-Encoding": "gzip"}))
    with publisher.client(ACCESS) as client:
        assert client.get_json(URL) == {"ok": True}


def test_get_page_gives_the_text_and_where_it_stands(publisher: Publisher) -> None:
    publisher.on(URL, redirect(f"https://{FILES}/page"))
    publisher.on(f"https://{FILES}/page", html_reply("<p>agréments</p>"))
    with publisher.client(ACCESS) as client:
        page = client.get_page(URL)
    assert (page.url, page.text) == (f"https://{FILES}/page", "<p>agréments</p>")
