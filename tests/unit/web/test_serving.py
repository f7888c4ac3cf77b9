"""`annuaire serve` and `demo`: what the site says its address is."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from annuaire.cli import serving
from annuaire.config import load_settings

SETTING = "ANNUAIRE_PUBLIC_URL"


@pytest.mark.parametrize(
    ("host", "chosen", "told"),
    [
        ("127.0.0.1", None, "http://127.0.0.1:{port}"),
        ("localhost", None, "http://localhost:{port}"),
        ("0.0.0.0", None, "http://127.0.0.1:{port}"),  # noqa: S104 - listens for the test alone
        ("127.0.0.1", "https://annuaire.example.org", "https://annuaire.example.org"),
    ],
)
def test_links_lead_to_where_the_site_is_served_unless_another_address_is_set(
    host: str, chosen: str | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setenv("ANNUAIRE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(SETTING, chosen or "")  # so that what is set meanwhile is taken back
    if chosen is None:
        monkeypatch.delenv(SETTING)
    monkeypatch.setattr(serving, "beside", lambda *_: nullcontext())
    monkeypatch.setattr(
        serving.BaseApplication, "run", lambda _: said.append(load_settings().public_url)
    )
    with serving.socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving.run_server(host, port, workers=1)
    assert said == [told.format(port=port)]
