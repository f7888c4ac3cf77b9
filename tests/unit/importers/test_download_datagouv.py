"""FINESS by the API of data.gouv.fr: the newest daily file, checked, fetched once."""

import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.datagouv import HOSTS, newest_resource
from importers.downloads import Asked, Fetched
from importers.http import Access, ForbiddenAddress, OnlineError, WrongContent
from importers.sources.esat.download import DOWNLOAD
from tests.factories.publisher import Publisher, Silent, file_reply, json_reply, publishing

API = "https://www.data.gouv.fr/api/1/datasets/finess-structures-1/"
STATIC = "https://static.data.gouv.fr/resources/finess-structures-1"
TODAY = date(2026, 11, 28)
BODY = b"\x1f\x8b" + b"x" * 1000


@pytest.fixture(scope="module")
def server() -> Iterator[Publisher]:
    with publishing("www.data.gouv.fr", "static.data.gouv.fr") as publisher:
        yield publisher


@pytest.fixture
def publisher(server: Publisher) -> Publisher:
    server.asked.clear()
    return server


def resource(day: str, body: bytes = BODY, **changes: Any) -> dict[str, Any]:
    """A resource as the API gives it."""
    title = f"finess-structures-journalier-{day}.json.gz"
    return {
        "id": f"cd493959-0000-4000-8000-{day:0>12}",
        "title": title,
        "format": "json.gz",
        "url": f"{STATIC}/{day}/{title}",
        "filesize": len(body),
        "checksum": {"type": "sha1", "value": hashlib.sha1(body).hexdigest()},  # noqa: S324 - theirs
        "last_modified": "2026-11-27T02:16:25.817000+00:00",
    } | changes


def lists(publisher: Publisher, *resources: Any) -> None:
    publisher.on(API, json_reply({"id": "x", "title": "FINESS", "resources": list(resources)}))


def fetch(publisher: Publisher, folder: Path) -> Fetched:
    with publisher.client(DOWNLOAD.access) as client:
        return DOWNLOAD.fetch(client, Asked(folder, TODAY), Silent())


def test_the_newest_daily_file_is_taken_and_those_of_before_go(
    publisher: Publisher, tmp_path: Path
) -> None:
    (tmp_path / "finess-structures-journalier-20261120.json.gz").write_bytes(b"old")
    (tmp_path / "finess-structures-journalier-20261120.json.gz.json").write_text("{}")
    (tmp_path / "finess-structures-journalier-20261121.json.gz.part").write_bytes(b"old")
    (tmp_path / "lock").touch()
    lists(
        publisher,
        resource("20261126"),
        resource("20261127"),
        resource("202611", title="finess-structures-mensuel-202611.json.gz"),
        resource("20261128", title="finess-activites-journalier-20261128.json.gz"),
        {"title": None, "url": None},
        resource("20261129", title="finess-structures-journalier-20261129.json.gz\n"),
        None,
    )
    publisher.on(resource("20261127")["url"], file_reply(BODY))
    got = fetch(publisher, tmp_path)
    assert got.path.name == "finess-structures-journalier-20261127.json.gz"
    assert (got.path.read_bytes(), got.said) == (BODY, "FINESS du 27/11/2026.")
    assert {path.name for path in tmp_path.iterdir()} == {
        "lock", got.path.name, f"{got.path.name}.json",
    }  # fmt: skip


def test_a_file_that_is_there_is_not_fetched_twice(publisher: Publisher, tmp_path: Path) -> None:
    lists(publisher, resource("20261127"))
    publisher.on(resource("20261127")["url"], file_reply(BODY))
    fetch(publisher, tmp_path)
    publisher.asked.clear()
    assert "déjà téléchargé" in fetch(publisher, tmp_path).said
    assert publisher.paths() == ["/api/1/datasets/finess-structures-1/"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"filesize": len(BODY) + 1}, "étaient annoncés"),
        ({"checksum": {"type": "sha1", "value": "0" * 40}}, "empreinte sha1"),
        ({"checksum": None, "filesize": None}, "type attendu"),
    ],
)
def test_a_file_that_is_not_the_stated_one_is_refused(
    publisher: Publisher, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    lists(publisher, resource("20261127", **changes))
    body = BODY if changes.get("filesize", 1) or changes["checksum"] else b"<html>"
    publisher.on(resource("20261127")["url"], file_reply(body))
    with pytest.raises(WrongContent, match=said):
        fetch(publisher, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_checksum_of_another_kind_is_left_out(publisher: Publisher, tmp_path: Path) -> None:
    lists(publisher, resource("20261127", checksum={"type": "md5", "value": "0"}))
    publisher.on(resource("20261127")["url"], file_reply(BODY))
    assert fetch(publisher, tmp_path).path.read_bytes() == BODY


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.org/finess.json.gz",
        "http://static.data.gouv.fr/finess.json.gz",
        "https://127.0.0.1/finess.json.gz",
        "file:///etc/passwd",
    ],
)
def test_an_address_elsewhere_is_refused(publisher: Publisher, tmp_path: Path, url: str) -> None:
    lists(publisher, resource("20261127", url=url))
    with pytest.raises(ForbiddenAddress):
        fetch(publisher, tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 10) | st.sampled_from(["sha1", "", "é"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
RESOURCES = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "title": JSON | st.just("finess-structures-journalier-99999999.json.gz"),
            "url": JSON | st.text(max_size=20) | st.just(f"{STATIC}/x"),
            "filesize": JSON,
            "checksum": JSON | st.fixed_dictionaries({"type": JSON, "value": JSON}),
        },
    ),
    max_size=3,
)


@given(answer=JSON | st.fixed_dictionaries({"resources": JSON | RESOURCES}))
def test_whatever_the_dataset_says_the_answer_is_a_file_or_an_error_of_ours(
    server: Publisher, answer: Any
) -> None:
    server.on(API, json_reply(answer))
    server.on(f"{STATIC}/x", file_reply(BODY))
    with tempfile.TemporaryDirectory() as folder, suppress(OnlineError):
        assert fetch(server, Path(folder)).path.read_bytes() == BODY


@pytest.mark.parametrize("answer", [[], {}, {"resources": None}, {"resources": [{"title": "x"}]}])
def test_a_dataset_without_the_file_says_what_to_do(publisher: Publisher, answer: Any) -> None:
    publisher.on(API, json_reply(answer))
    with publisher.client(Access(HOSTS)) as client, pytest.raises(WrongContent, match="à la main"):
        newest_resource(client, "finess-structures-1", re.compile("^(nothing)$"))
