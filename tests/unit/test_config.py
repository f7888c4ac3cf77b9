"""Settings read from the environment: what is refused, and the secret key that is made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from annuaire.config import SettingError, load_settings
from search.choice import make_engine
from search.embedded import EmbeddedEngine
from search.meilisearch import MeilisearchEngine


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"ANNUAIRE_ENV": "essai"}, "ANNUAIRE_ENV"),
        ({"ANNUAIRE_ENV": "production"}, "ANNUAIRE_SECRET_KEY"),
        ({"ANNUAIRE_TILES_URL": "https://tuiles.exemple.fr/"}, "ANNUAIRE_TILES_URL"),
        ({"ANNUAIRE_TILES_URL": "javascript:{z}"}, "ANNUAIRE_TILES_URL"),
        ({"ANNUAIRE_MEILISEARCH_URL": "127.0.0.1:7700"}, "ANNUAIRE_MEILISEARCH_URL"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    environ: dict[str, str], named: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingError, match=named):
        load_settings({"ANNUAIRE_DATA_DIR": str(tmp_path)} | environ)


def test_processes_that_start_together_agree_on_one_whole_key(tmp_path: Path) -> None:
    environ = {"ANNUAIRE_DATA_DIR": str(tmp_path)}
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: load_settings(environ).secret_key, range(64)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_the_search_server_is_chosen_by_its_address_and_its_key_is_never_shown(
    tmp_path: Path,
) -> None:
    environ = {
        "ANNUAIRE_DATA_DIR": str(tmp_path),
        "ANNUAIRE_MEILISEARCH_URL": "http://127.0.0.1:7700/",
        "ANNUAIRE_MEILISEARCH_KEY": "tres-secrete",
    }
    settings = load_settings(environ)
    assert settings.meilisearch_url == "http://127.0.0.1:7700"
    assert "tres-secrete" not in repr(settings)
    chosen = make_engine(tmp_path, settings.meilisearch_url, settings.meilisearch_key)
    assert isinstance(chosen, MeilisearchEngine)
    assert isinstance(make_engine(tmp_path), EmbeddedEngine)
