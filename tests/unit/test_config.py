"""Settings read from the environment: what is refused, and the secret key that is made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from annuaire.config import SettingError, load_settings


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"ANNUAIRE_ENV": "essai"}, "ANNUAIRE_ENV"),
        ({"ANNUAIRE_ENV": "production"}, "ANNUAIRE_SECRET_KEY"),
        ({"ANNUAIRE_TILES_URL": "https://tuiles.exemple.fr/"}, "ANNUAIRE_TILES_URL"),
        ({"ANNUAIRE_TILES_URL": "javascript:{z}"}, "ANNUAIRE_TILES_URL"),
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
