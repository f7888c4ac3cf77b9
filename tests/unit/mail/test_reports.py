"""Reports of non-delivery and complaints, read from what servers really write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.mail.reports import MAX_SIZE, read_report
from annuaire.mail.statuses import kind_of
from tests.factories.returns import absence, complaint, exchange, postfix

ID = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("server", [postfix, exchange])
@pytest.mark.parametrize(
    ("status", "said", "kind", "read"),
    [
        ("5.1.1", "550 5.1.1 <jeanne@exemple.fr>: User unknown", "hard", "5.1.1"),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "hard", "5.1.10"),
        ("5.2.1", "550 5.2.1 account disabled", "hard", "5.2.1"),
        ("5.0.0", "550 5.1.1 no such user", "hard", "5.1.1"),
        ("5.0.0", "550 No such user here", "soft", None),
        ("5.2.2", "552 5.2.2 mailbox full", "soft", "5.2.2"),
        ("4.4.7", "delivery time expired", "soft", "4.4.7"),
        ("5.4.4", "unable to route: host not found", "soft", "5.4.4"),
        ("5.7.1", "554 5.7.1 rejected by policy", None, "5.7.1"),
        ("5.3.4", "552 5.3.4 too big", None, "5.3.4"),
        ("n'importe quoi", "", None, None),
    ],
)
def test_a_failure_says_what_it_tells_of_the_address(
    server, status: str, said: str, kind: str | None, read: str | None
) -> None:  # type: ignore[no-untyped-def] # one of two makers of reports
    report = read_report(server(ID, status, said))
    assert report is not None
    assert (report.kind, report.status, report.message_ids) == (kind, read, (ID,))
    assert said in report.detail


def test_a_complaint_is_one_whatever_its_kind_but_for_its_contrary() -> None:
    for kind in ("abuse", "fraud", "other"):
        report = read_report(complaint(ID, kind))
        assert report is not None
        assert (report.kind, report.message_ids) == ("complaint", (ID,))
    assert read_report(complaint(ID, "not-spam")) is None


@pytest.mark.parametrize(
    "content",
    [
        absence(ID),
        postfix(ID, "4.4.1", "delivery delayed", action="delayed"),
        postfix(ID, "2.1.5", "250 delivered", action="delivered"),
        b"",
        b"\x00\xff" * 100,
        b"Content-Type: multipart/report; boundary=X\r\n\r\n--X\r\n" * 2,
        b"".join(b"Content-Type: multipart/a; boundary=%d\n\n--%d\n" % (i, i) for i in range(3000)),
        b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%",
        b"Subject: x\r\n\r\n" + b"a" * MAX_SIZE,
    ],
    ids=range(9),
)  # fmt: skip
def test_what_is_no_failure_is_no_report(content: bytes) -> None:
    assert read_report(content) is None


@given(st.binary(max_size=300), st.integers(0, 900), st.integers(0, 200))
def test_a_report_cut_or_changed_anywhere_raises_nothing(
    inserted: bytes, at: int, removed: int
) -> None:
    whole = postfix(ID, "5.1.1", "550 5.1.1 unknown")
    read_report(whole[:at] + inserted + whole[at + removed :])


def test_a_code_alone_proves_nothing_of_a_mailbox() -> None:
    assert [kind_of(None, code) for code in (550, 551, 553, 554, 552, 450)] == [
        "soft", "soft", "soft", None, None, None
    ]  # fmt: skip
