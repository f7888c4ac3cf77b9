"""Bootstrap's dark rules follow the system."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    path = Path(__file__).resolve().parents[3] / "tools" / "copy_assets.py"
    spec = importlib.util.spec_from_file_location("copy_assets", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_dark_rules_wait_for_the_system(tool: ModuleType) -> None:
    css = ".a{}\n[data-bs-theme=dark] {\n  --x: 1;\n}\n[data-bs-theme=dark] .b {\n  c: d;\n}\n"
    dark = tool.dark_rules(css)
    assert dark.startswith("@media screen and (prefers-color-scheme: dark)")
    assert ":root {\n  --x: 1;\n}" in dark
    assert ":root .b {\n  c: d;\n}" in dark


def test_dark_rules_missing_are_said(tool: ModuleType) -> None:
    with pytest.raises(ValueError, match="data-bs-theme"):
        tool.dark_rules(".a { b: c }")


def test_copy_names_what_is_missing(tool: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"bootstrap\.min\.css"):
        tool.copy_assets(tmp_path, tmp_path / "vendor")
