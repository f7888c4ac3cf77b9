"""Servers and senders as settings name them."""

import pytest

from annuaire.config import SettingError
from annuaire.mail.servers import From, Server, read_from, read_server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1", Server("smtp", "127.0.0.1", 25)),
        ("smtp://relais.interne:2525/", Server("smtp", "relais.interne", 2525)),
        ("starttls://moi:a%40b@h.fr", Server("starttls", "h.fr", 587, "moi", "a@b")),
        ("smtps://moi@a.fr:secret@h.fr", Server("smtps", "h.fr", 465, "moi@a.fr", "secret")),
        ("smtp://moi:secret@localhost:25", Server("smtp", "localhost", 25, "moi", "secret")),
        ("smtp://[::1]:2525", Server("smtp", "::1", 2525)),
    ],
)  # fmt: skip
def test_an_address_names_a_server(url: str, server: Server) -> None:
    assert read_server(url) == server
    assert server.password is None or server.password not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "smtp.exemple.fr", "https://smtp.exemple.fr", "smtp://", "smtp://h:0x", "smtp://h:99999",
        "smtps://h/chemin", "smtp://moi:secret@smtp.exemple.fr", "smtps://moi:sécret@h", "smtp://[::1",
    ],
)  # fmt: skip
def test_what_names_no_server_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SettingError, match="ANNUAIRE_SMTP_URL") as refused:
        read_server(url)
    assert "cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        ("a@exemple.fr", From("annuaire", "a@exemple.fr")),
        ("Achats inclusifs <a@exemple.fr>", From("Achats inclusifs", "a@exemple.fr")),
        ("a@élan.fr", From("annuaire", "a@xn--lan-9la.fr")),
        ('"Ville, Lille" <a@exemple.fr>', From("Ville, Lille", "a@exemple.fr")),
    ],
)
def test_a_sender_is_an_address_with_or_without_a_name(value: str, origin: From) -> None:
    assert read_from(value) == origin


@pytest.mark.parametrize("value", ["", "annuaire", "a@b@c", "zoé@exemple.fr", "a@b.fr\nBcc: b"])
def test_what_is_no_sender_is_refused(value: str) -> None:
    with pytest.raises(SettingError, match="ANNUAIRE_MAIL_FROM"):
        read_from(value)
