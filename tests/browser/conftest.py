"""A real browser on a real site: Chromium, and the site as `annuaire serve` serves it."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import create_engine, update

from annuaire.structures.models import Structure
from tests.factories.files import LYON, awards, notice, siae, write_csv
from tests.factories.smtp import Mailbox, mail_server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOW = "Chromium manque : apt install chromium, puis relancez make test"
CLAUSE = (
    "Entretien des espaces verts, marché réservé aux structures d'insertion par l'activité "
    "économique (article L. 2113-13 du code de la commande publique)"
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium, without its calls home; as root it cannot have a sandbox."""
    if CHROMIUM is None:
        pytest.skip(HOW)
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def letters() -> Iterator[Mailbox]:
    """The mail server to which the site hands its letters."""
    with mail_server() as running:
        yield running


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the site."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(site_folder: Path, letters: Mailbox) -> Iterator[str]:
    """The address of a site with 62 structures and 4 contracts (one is open), served as on one
    machine; each structure publishes an address."""
    with served(site_folder, letters, _fill) as address:
        yield address


@pytest.fixture
def mailing_site(tmp_path: Path, mailbox: Mailbox) -> Iterator[str]:
    """The address of an empty site whose letters come to `mailbox`."""
    with served(tmp_path, mailbox, lambda _, environment: _run(environment, ["init"])) as address:
        yield address


@contextlib.contextmanager
def served(
    folder: Path, letters: Mailbox, prepare: Callable[[Path, dict[str, str]], None]
) -> Iterator[str]:
    """The address of a site in a folder, prepared, then served as on one machine."""
    if CHROMIUM is None:
        pytest.skip(HOW)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "ANNUAIRE_DATA_DIR": str(folder),
        "ANNUAIRE_GEOCODE_PAGES": "non",
        "ANNUAIRE_PUBLIC_URL": address,
        "ANNUAIRE_SMTP_URL": letters.url,
        "ANNUAIRE_MAIL_FROM": "annuaire <ne-pas-repondre@annuaire.example.org>",
    }
    environment.pop("ANNUAIRE_DATABASE_URL", None)
    environment.pop("ANNUAIRE_MEILISEARCH_URL", None)
    prepare(folder, environment)
    command = [sys.executable, "-m", "annuaire", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=environment) as server:  # noqa: S603 - our own command
        try:
            wait_for(port)
            yield address
        finally:  # else one that never listened would be waited for without end
            server.terminate()


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Wait until something listens; fails after 30 seconds."""
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    pytest.fail(f"nothing listens on port {port}")


def _fill(folder: Path, environment: dict[str, str]) -> None:
    rows = [siae(n) for n in range(1, 31)]
    rows += [siae(n, **LYON) for n in range(31, 61)]
    rows += [siae(61, name="JARDINS D'ESSAI", naf="8130Z", kind="ACI")]
    rows += [siae(62, name="BLANCHISSERIE D'ESSAI", naf="9601A", **LYON)]
    notices = [
        notice(1, objet=CLAUSE),
        notice(2),
        notice(4, objet="Collecte de papier de bureau", date_fin_diffusion="2099-01-31"),
        notice(
            3,
            nature="attribution",
            attributions_json=awards(
                ("Lot 1 : nettoyage des vitres", "PROPRETE D'ESSAI 1", 9000.0),
                ("Lot 2 : tonte des pelouses", "Inconnue", None),
            ),
        ),
    ]
    _run(
        environment,
        ["init"],
        ["import", "siae", str(write_csv(folder / "siae.csv", rows))],
        ["import", "boamp", str(write_csv(folder / "boamp.csv", notices))],
    )
    _publish_addresses(folder)


def _publish_addresses(folder: Path) -> None:
    """An address for each structure: no file of the SIAE gives any."""
    engine = create_engine(f"sqlite:///{folder / 'annuaire.db'}")
    with engine.begin() as connection:
        email = "contact-" + Structure.key + "@structure-essai.fr"
        connection.execute(update(Structure).values(email=email))
    engine.dispose()


def _run(environment: dict[str, str], *commands: list[str]) -> None:
    """Run command lines, in a process of their own: Playwright keeps an event loop in this one."""
    command = [sys.executable, "-m", "tests.factories.together", json.dumps(commands)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def quiet_page(context: BrowserContext, site: str) -> Iterator[Page]:
    """A page that fails the test when it asks another host or when a script complains."""
    page = context.new_page()
    complaints: list[str] = []
    # htmx says so when a newer search replaces one under way, as Enter does after typing.
    replaced = ("htmx:afterRequest", "htmx:sendAbort")
    page.on(
        "console",
        lambda m: (
            complaints.append(m.text)
            if m.type in ("error", "warning") and not m.text.startswith(replaced)
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            complaints.append(request.url)
            if not request.url.startswith((site, "data:", "blob:"))
            else None
        ),
    )
    yield page
    page.close()
    assert complaints == []
