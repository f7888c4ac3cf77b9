"""Files: resumed after a cut, checked, kept when unchanged, refused when they are not it."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from importers.http import (
    Access,
    Downloaded,
    HttpStatus,
    Unreachable,
    Wanted,
    WrongContent,
    download,
)
from tests.factories.publisher import (
    Patience,
    Publisher,
    Reply,
    file_reply,
    html_reply,
    part_of,
    publishing,
)

HOST = "static.example.org"
URL = f"https://{HOST}/fichier.json.gz"
BODY = bytes(range(256)) * 2000
NEW = bytes(reversed(range(256))) * 2000
SHA1 = hashlib.sha1(BODY, usedforsecurity=False).hexdigest()


@pytest.fixture(scope="module")
def server() -> Iterator[Publisher]:
    with publishing(HOST) as publisher:
        yield publisher


@pytest.fixture
def publisher(server: Publisher) -> Publisher:
    server.asked.clear()
    return server


def fetch(
    publisher: Publisher,
    folder: Path,
    wanted: Wanted | None = None,
    access: Access | None = None,
    patience: Patience | None = None,
) -> Downloaded:
    access = access or Access(frozenset({HOST}), attempts=3)
    with publisher.client(access, patience) as client:
        wanted = wanted or Wanted(max_bytes=10**9)
        return download(client, URL, folder / "fichier.json.gz", wanted)


def ranges(publisher: Publisher) -> list[str | None]:
    return [asked.headers.get("Range") for asked in publisher.asked]


def test_a_download_goes_on_where_it_was_cut(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(
        URL, file_reply(BODY, cut_after=200_000), file_reply(BODY, cut_after=90_000),
        file_reply(BODY),
    )  # fmt: skip
    got = fetch(publisher, tmp_path, Wanted(10**9, len(BODY), "sha1", SHA1))
    assert got.path.read_bytes() == BODY
    assert ranges(publisher) == [None, "bytes=200000-", "bytes=290000-"]
    assert {path.name for path in tmp_path.iterdir()} == {
        "fichier.json.gz",
        "fichier.json.gz.json",
    }


def test_progress_renews_the_patience(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(URL, *[file_reply(BODY, cut_after=70_000)] * 7, file_reply(BODY))
    assert fetch(publisher, tmp_path).path.read_bytes() == BODY
    assert len(publisher.asked) == 8


def test_another_run_goes_on_where_the_last_gave_up(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(URL, file_reply(BODY, cut_after=200_000), Reply(503))
    with pytest.raises(Unreachable, match="503"):
        fetch(publisher, tmp_path)
    assert part_of(tmp_path / "fichier.json.gz").stat().st_size == 200_000
    publisher.on(URL, file_reply(BODY))
    publisher.asked.clear()
    assert fetch(publisher, tmp_path).path.read_bytes() == BODY
    assert ranges(publisher) == ["bytes=200000-"]


def test_a_file_that_changed_meanwhile_starts_again(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(URL, file_reply(BODY, cut_after=200_000), file_reply(NEW))
    assert fetch(publisher, tmp_path).path.read_bytes() == NEW
    assert ranges(publisher) == [None, "bytes=200000-"]


def test_a_server_that_ignores_if_range_is_not_believed(
    publisher: Publisher, tmp_path: Path
) -> None:
    rest = {"ETag": '"other"', "Content-Range": f"bytes 200000-{len(NEW) - 1}/{len(NEW)}"}
    publisher.on(
        URL, file_reply(BODY, cut_after=200_000), Reply(206, NEW[200_000:], rest), file_reply(NEW)
    )
    assert fetch(publisher, tmp_path).path.read_bytes() == NEW
    assert ranges(publisher) == [None, "bytes=200000-", None]


@pytest.mark.parametrize("answer", [Reply(416), Reply(206, BODY, {"Content-Range": "bytes 0-9/9"})])
def test_a_rest_that_cannot_be_had_starts_again(
    publisher: Publisher, tmp_path: Path, answer: Reply
) -> None:
    publisher.on(URL, file_reply(BODY, cut_after=200_000), answer, file_reply(BODY))
    assert fetch(publisher, tmp_path).path.read_bytes() == BODY
    assert ranges(publisher) == [None, "bytes=200000-", None]


def test_a_file_that_had_all_come_before_a_kill_is_not_sent_again(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.on(URL, file_reply(BODY))
    target = fetch(publisher, tmp_path).path
    target.rename(part_of(target))
    notes = target.with_name(f"{target.name}.json")
    notes.rename(tmp_path / "fichier.json.gz.part.json")
    assert fetch(publisher, tmp_path).path.read_bytes() == BODY
    publisher.on(URL, file_reply(NEW + b"longer"))
    target.rename(part_of(target))
    notes.rename(tmp_path / "fichier.json.gz.part.json")
    assert fetch(publisher, tmp_path).path.read_bytes() == NEW + b"longer"
    assert ranges(publisher) == [None, *[f"bytes={len(BODY)}-"] * 2]


@pytest.mark.parametrize("etag", ['W/"weak"', ""])
def test_a_version_that_cannot_be_proved_starts_again(
    publisher: Publisher, tmp_path: Path, etag: str
) -> None:
    first = Reply(body=BODY, headers={"ETag": etag} if etag else {}, cut_after=200_000)
    publisher.on(URL, first, file_reply(BODY))
    assert fetch(publisher, tmp_path).path.read_bytes() == BODY
    assert ranges(publisher) == [None, None]


def test_a_last_modified_date_proves_a_version(publisher: Publisher, tmp_path: Path) -> None:
    day = "Fri, 27 Nov 2026 02:16:25 GMT"
    rest = {"Content-Range": f"bytes 200000-{len(BODY) - 1}/{len(BODY)}"}
    first = Reply(body=BODY, headers={"Last-Modified": day}, cut_after=200_000)
    publisher.on(URL, first, Reply(206, BODY[200_000:], rest))
    assert fetch(publisher, tmp_path).path.read_bytes() == BODY
    assert publisher.asked[1].headers["If-Range"] == day


@pytest.mark.parametrize(
    ("reply", "wanted", "said"),
    [
        (file_reply(BODY), Wanted(10**9, size=len(BODY) + 1), "étaient annoncés"),
        (file_reply(BODY), Wanted(10**9, size=len(BODY) - 1), "au plus attendus"),
        (file_reply(BODY), Wanted(10**9, None, "sha1", "0" * 40), "empreinte sha1"),
        (file_reply(BODY), Wanted(100_000), "au plus attendus"),
        (Reply(body=b"x" * 70_000, endless=True), Wanted(10**6), "plus de 1000000 octets"),
        (html_reply("<html>Maintenance</html>"), Wanted(10**9), "page web"),
        (file_reply(b"<html>"), Wanted(10**9, starts=(b"\x1f\x8b",)), "type attendu"),
        (file_reply(b""), Wanted(10**9), "vide"),
    ],
)  # fmt: skip
def test_what_is_not_the_file_is_refused_and_nothing_stays(
    publisher: Publisher, tmp_path: Path, reply: Reply, wanted: Wanted, said: str
) -> None:
    publisher.on(URL, reply)
    with pytest.raises(WrongContent, match=said):
        fetch(publisher, tmp_path, wanted)
    assert list(tmp_path.iterdir()) == []


def test_a_body_shorter_than_its_length_is_a_cut(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(URL, file_reply(BODY, length=len(BODY) + 5), Reply(503))
    with pytest.raises(Unreachable):
        fetch(publisher, tmp_path)
    assert not (tmp_path / "fichier.json.gz").exists()


def test_a_refused_file_leaves_the_one_of_before(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(URL, file_reply(BODY), html_reply("<html>"))
    fetch(publisher, tmp_path)
    with pytest.raises(WrongContent):
        fetch(publisher, tmp_path)
    assert (tmp_path / "fichier.json.gz").read_bytes() == BODY


def test_a_file_with_the_stated_checksum_is_not_asked_again(
    publisher: Publisher, tmp_path: Path
) -> None:
    publisher.on(URL, file_reply(BODY))
    wanted = Wanted(10**9, len(BODY), "sha1", SHA1)
    assert fetch(publisher, tmp_path, wanted).fresh
    publisher.asked.clear()
    assert not fetch(publisher, tmp_path, wanted).fresh
    assert publisher.asked == []


def test_an_unchanged_file_is_not_sent_again(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(URL, file_reply(BODY))
    assert fetch(publisher, tmp_path).fresh
    assert not fetch(publisher, tmp_path).fresh
    assert "If-None-Match" in publisher.asked[1].headers
    publisher.on(URL, file_reply(NEW))
    assert fetch(publisher, tmp_path).fresh
    assert (tmp_path / "fichier.json.gz").read_bytes() == NEW


def test_not_modified_is_no_answer_to_who_has_nothing(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(URL, Reply(304))
    with pytest.raises(HttpStatus, match="304"):
        fetch(publisher, tmp_path)


def test_a_damaged_file_is_fetched_whole(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(URL, file_reply(BODY))
    fetch(publisher, tmp_path)
    (tmp_path / "fichier.json.gz").write_bytes(BODY[:-1])
    assert fetch(publisher, tmp_path).path.read_bytes() == BODY
    assert "If-None-Match" not in publisher.asked[1].headers


def test_damaged_notes_are_not_believed(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(URL, file_reply(BODY))
    (tmp_path / "fichier.json.gz.part").write_bytes(b"anything")
    (tmp_path / "fichier.json.gz.part.json").write_text("[1")
    assert fetch(publisher, tmp_path).path.read_bytes() == BODY
    assert ranges(publisher) == [None]


class Hurried(Patience):
    """A clock that runs while bytes are read: 25 seconds at each look."""

    def clock(self) -> float:
        self.now += 25
        return self.now


def test_a_trickle_ends_and_what_came_is_kept(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(URL, file_reply(BODY))
    access = Access(frozenset({HOST}), attempts=2, max_seconds=60)
    with pytest.raises(Unreachable, match="trop lentement, après 2 essais"):
        fetch(publisher, tmp_path, access=access, patience=Hurried())
    first, second = ranges(publisher)
    assert first is None
    assert second is not None
    assert 0 < part_of(tmp_path / "fichier.json.gz").stat().st_size < len(BODY)


def test_a_disk_that_refuses_is_said(publisher: Publisher, tmp_path: Path) -> None:
    publisher.on(URL, file_reply(BODY))
    (tmp_path / "fichier.json.gz.part").mkdir()
    with pytest.raises(Exception, match="ne peut pas être écrit"):
        fetch(publisher, tmp_path)
