"""What may be asked, until when, with which links; as a buyer or a lawyer would read it."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.errors import InvalidInputError, NotFoundError
from annuaire.sourcing import rules
from annuaire.sourcing.form import Document, read_documents, wrong_deadline
from annuaire.sourcing.links import Links
from annuaire.sourcing.origin import amount_of, origin_url, read_origin
from annuaire.sourcing.presenting import MAX_MAILTO, mailto
from annuaire.sourcing.typed import lines, one_line

MARCH, MAY = date(2026, 3, 2), date(2026, 5, 4)


@pytest.mark.parametrize(
    ("amount", "nature", "on", "published", "said"),
    [
        (None, None, MAY, False, None),
        (39_999, "services", MARCH, False, None),
        (40_000, "services", MARCH, False, "40\u202f000\xa0€ HT"),
        (59_999, "services", MAY, False, None),
        (60_000, "fournitures", MAY, False, "60\u202f000\xa0€ HT"),
        (99_999, "travaux", MAY, False, None),
        (100_000, "travaux", MAY, False, "R2122-8"),
        (1_000, "services", MAY, True, "profil d'acheteur"),
    ],
)
def test_quote_is_for_purchases_without_competition(
    amount: float | None, nature: str | None, on: date, published: bool, said: str | None
) -> None:
    found = rules.no_quote(amount, nature, on, published=published)
    assert (found is None) if said is None else said in (found or "")


def test_days_are_those_of_paris() -> None:
    assert not rules.is_over(MAY, datetime(2026, 5, 4, 21, 59, tzinfo=UTC))
    assert rules.is_over(MAY, datetime(2026, 5, 4, 22, 0, tzinfo=UTC))
    assert rules.reminds_from(MAY) == datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
    assert wrong_deadline(date(2026, 5, 6), MAY) is None
    assert "deux jours" in (wrong_deadline(date(2026, 5, 5), MAY) or "")
    assert wrong_deadline(date(2026, 8, 3), MAY)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("https://exemple.fr/cctp.pdf", Document("", "https://exemple.fr/cctp.pdf")),
        ("CCTP : https://exemple.fr/a", Document("CCTP", "https://exemple.fr/a")),
        ("https://exemple.fr/a (plans)", Document("(plans)", "https://exemple.fr/a")),
        ("HTTP://exemple.fr:8080/é?x=1", Document("", "HTTP://exemple.fr:8080/é?x=1")),
        ("voir le site", None),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("http://127.0.0.1/", None),
        ("http://[::1]/", None),
        ("http://2130706433/", None),
        ("https://serveur.local/a", None),
        ("https://serveur/a", None),
        ("https://banque.fr@piege.example/a", None),
        ("https://exеmple.fr/a", None),  # a Cyrillic letter
        ("https://exemple.fr:port/", None),
        (f"https://exemple.fr/{'a' * 600}", None),
    ],
)
def test_documents_are_links_that_say_where_they_lead(line: str, found: Document | None) -> None:
    if found:
        assert read_documents(f"\n{line}\n") == (found,)
    else:
        with pytest.raises(InvalidInputError):
            read_documents(line)


@given(st.text())
def test_any_text_for_documents_is_read_or_refused(text: str) -> None:
    try:
        found = read_documents(text)
    except InvalidInputError:
        return
    assert all(each.url.lower().startswith(("http://", "https://")) for each in found)


@given(st.lists(st.emails(), max_size=10), st.text(max_size=150), st.text(max_size=3_000))
def test_own_mail_opens_whatever_was_written(emails: list[str], subject: str, body: str) -> None:
    found = mailto(emails, subject, lines(body))
    assert found.isascii()
    assert len(found) <= MAX_MAILTO + 1_200  # ten addresses and a subject are never cut
    parts = urlsplit(found)
    assert parts.scheme == "mailto"
    assert set(parse_qs(parts.query)) <= {"bcc", "subject", "body"}


def test_french_spaces_stay_and_controls_go() -> None:
    assert lines("9\u202f000\u00a0€\r\nHT\x00\u200f") == "9 000 €\nHT"
    assert one_line(" a\u00a0\n b ") == "a b"


def test_need_goes_with_the_request_and_leads_back() -> None:
    typed = {"quoi": "nettoyage & vitres", "montant": "9000", "sorte": "devis", "acheteur": "x"}
    origin = read_origin(typed)
    assert origin == {"quoi": "nettoyage & vitres", "montant": "9000"}
    assert origin_url(origin) == "/besoins/nouveau?quoi=nettoyage+%26+vitres&montant=9000"
    lot = read_origin({"marche": "boamp-1", "lot": "1/a", "quoi": "x"})
    assert origin_url(lot) == "/marches/boamp-1/lots/1%2Fa"
    assert origin_url({}) is None
    assert [amount_of({"montant": text}) for text in ("9000", "x", "-1", "inf", "nan")] == [
        9000.0, None, None, None, None,
    ]  # fmt: skip


def test_links_serve_one_purpose() -> None:
    links = Links("secret", "https://annuaire.example")
    token = links.path("repondre", 7).rpartition("/")[2]
    assert links.read("repondre", token) == 7
    for page, secret, text in (
        ("suivi", "secret", token),
        ("repondre", "autre", token),
        ("repondre", "secret", token[:-1]),
    ):
        with pytest.raises(NotFoundError):
            Links(secret, "").read(page, text)
