"""The audit of dependencies fails for a vulnerability, and for nothing else."""

import sys
from typing import Any

import pytest

from tools.audit import asked, verdict

SOUND = {"name": "flask", "version": "3.1.3", "vulns": []}
SKIPPED = {"name": "flask", "skip_reason": "Dependency not found on PyPI"}
BAD = {"name": "lxml", "version": "1.0", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["1.1"]}]}


@pytest.mark.parametrize(
    ("found", "status", "said"),
    [
        ([SOUND], 0, "1 dépendances vérifiées"),
        ([SOUND, SKIPPED, BAD], 1, "lxml 1.0 : CVE-2026-1, corrigé dans 1.1"),
        ([SKIPPED], 0, "non vérifiées"),
        ([], 0, "non vérifiées"),
        (None, 0, "non vérifiées"),
    ],
)
def test_only_a_vulnerability_fails(
    found: list[dict[str, Any]] | None, status: int, said: str
) -> None:
    assert verdict(found)[0] == status
    assert said in verdict(found)[1]


@pytest.mark.parametrize("code", ["print('no JSON')", "print('{}')", "import sys; sys.exit(1)"])
def test_service_that_does_not_answer_is_no_answer(code: str) -> None:
    assert asked((sys.executable, "-c", code)) is None
