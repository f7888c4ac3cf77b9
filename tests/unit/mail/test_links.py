"""Signed links: one purpose, one time, no change."""

import pytest

from annuaire.mail.links import LinkError, read, sign


def test_a_link_gives_back_what_was_signed() -> None:
    token = sign("secret", "leave", {"id": 7, "address": "zoé@exemple.fr"})
    assert read("secret", "leave", token, 60) == {"id": 7, "address": "zoé@exemple.fr"}


@pytest.mark.parametrize(
    ("secret", "purpose", "change"),
    [
        ("autre", "leave", str),
        ("secret", "confirm", str),
        ("secret", "leave", lambda token: token[:-1]),
        ("secret", "leave", lambda token: "A" + token[1:]),
        ("secret", "leave", lambda _: ""),
        ("secret", "leave", lambda _: "é\x00."),
        ("secret", "leave", lambda token: token + "." * 3000),
    ],
)
def test_a_link_of_another_or_changed_is_refused(secret: str, purpose: str, change) -> None:  # type: ignore[no-untyped-def] # a table of functions
    token = change(sign("secret", "leave", [1]))
    with pytest.raises(LinkError, match="entier"):
        read(secret, purpose, token, 60)


def test_an_old_link_says_that_it_expired() -> None:
    with pytest.raises(LinkError, match="expiré"):
        read("secret", "leave", sign("secret", "leave", 1), -1)
