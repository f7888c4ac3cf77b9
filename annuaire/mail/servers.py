"""The server that takes our letters, as ANNUAIRE_SMTP_URL names it, and who they are from."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from annuaire.config import SettingError, Settings
from annuaire.errors import AnnuaireError, InvalidInputError
from annuaire.mail.letters import on_the_wire, usable_address

PORTS: Final = {"smtp": 25, "starttls": 587, "smtps": 465}
FORM: Final = (
    "ANNUAIRE_SMTP_URL doit être l'adresse d'un serveur d'envoi, par exemple "
    "smtps://utilisateur:motdepasse@smtp.exemple.fr:465, starttls://… ou smtp://127.0.0.1:25."
)


class NoServer(AnnuaireError):  # noqa: N818
    """No server of mails is set: letters wait."""


class ServerAway(AnnuaireError):  # noqa: N818
    """The server cannot be reached, refuses us, or drops every connection: letters wait."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how letters are handed. `security`: "smtp" (in clear, for a relay of this
    machine), "starttls" (ciphered or nothing), "smtps" (ciphered from the start)."""

    security: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class From:
    """Who letters are from; `domain` ends their Message-ID."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def read_server(url: str) -> Server:
    """The server of an address. Raises SettingError, which never repeats the password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingError(FORM) from error
    if parts.scheme not in PORTS or not parts.hostname or parts.path not in {"", "/"}:
        raise SettingError(FORM)
    if parts.username and parts.scheme == "smtp" and not _is_here(parts.hostname):
        raise SettingError(
            "ANNUAIRE_SMTP_URL enverrait son mot de passe en clair : écrivez starttls:// ou "
            "smtps://."
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise SettingError(
            "ANNUAIRE_SMTP_URL : les lettres accentuées d'un nom ou d'un mot de passe ne passent "
            "pas la connexion SMTP. Choisissez-les sans accent."
        )
    port = port or PORTS[parts.scheme]
    return Server(parts.scheme, parts.hostname, port, user or None, password or None)


def read_from(value: str) -> From:
    """Who letters are from: an address, or a name and an address. Raises SettingError."""
    name, address = parseaddr(value)
    try:
        if not value.isprintable():
            raise ValueError(value)
        written, utf8 = on_the_wire(usable_address(address))
        found = From(name or "annuaire", written)
        Address(found.name, addr_spec=found.address)
        if utf8:
            raise ValueError(written)
    except (InvalidInputError, ValueError) as error:
        raise SettingError(
            "ANNUAIRE_MAIL_FROM doit être une adresse, par exemple « annuaire "
            "<ne-pas-repondre@exemple.fr> »."
        ) from error
    return found


def server_of(settings: Settings) -> tuple[Server, From]:
    """The server and the sender's address of these settings. Raises NoServer or SettingError."""
    if settings.smtp_url is None:
        raise NoServer(
            "Aucun serveur d'envoi n'est réglé (ANNUAIRE_SMTP_URL) : les courriels attendent."
        )
    server = read_server(settings.smtp_url)
    if settings.mail_from is None:
        raise SettingError(
            "ANNUAIRE_MAIL_FROM manque : l'adresse qui envoie les courriels. Ils attendent."
        )
    return server, read_from(settings.mail_from)


def connect(server: Server, hello: str, timeout: float) -> smtplib.SMTP:
    """A connection that is ready for letters. Raises ServerAway."""
    try:
        connection = _open(server, hello, timeout)
    except (OSError, smtplib.SMTPException) as error:
        raise ServerAway(_away(server, error)) from error
    try:
        connection.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user is not None:
            connection.login(server.user, server.password or "")
    except (OSError, smtplib.SMTPException, ValueError) as error:
        connection.close()
        raise ServerAway(_away(server, error)) from error
    return connection


def _open(server: Server, hello: str, timeout: float) -> smtplib.SMTP:
    if server.security == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, hello, timeout=timeout, context=context)
    return smtplib.SMTP(server.host, server.port, hello, timeout=timeout)


def _away(server: Server, error: Exception) -> str:
    said = error.args[-1] if error.args else error
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    what = (
        f"{error.smtp_code} {words}" if isinstance(error, smtplib.SMTPResponseException) else words
    )
    return (
        f"Le serveur d'envoi {server.host}:{server.port} ne prend pas nos courriels "
        f"({' '.join(what.split())[:200]}). Ils attendent et seront représentés."
    )


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
