"""What a user can set or call is named in the documents: a gap fails the build."""

import re
from pathlib import Path

import click
import pytest

from annuaire.cli import annuaire
from importers.descriptions import DESCRIPTIONS

ROOT = Path(__file__).resolve().parent.parent.parent
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SOURCES = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")


def commands(group: click.Group, prefix: str) -> list[str]:
    names: list[str] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            names += commands(command, f"{prefix} {name}")
        else:
            names.append(f"{prefix} {name}")
    return names


@pytest.mark.parametrize("command", commands(annuaire, "annuaire"))
def test_command_is_documented(command: str) -> None:
    assert f"`{command}" in OPERATIONS


def settings_in_code() -> set[str]:
    code = (ROOT / "annuaire" / "config.py").read_text(encoding="utf-8")
    return set(re.findall(r"ANNUAIRE_[A-Z0-9_]+", code))


@pytest.mark.parametrize("setting", sorted(settings_in_code()))
def test_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in OPERATIONS


@pytest.mark.parametrize("source", sorted(DESCRIPTIONS))
def test_source_is_documented(source: str) -> None:
    assert f"## {source}\n" in SOURCES


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []
