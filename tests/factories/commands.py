"""What commands print, read back."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from click.testing import Result

Run = Callable[..., Result]


def last_json(result: Result) -> Any:
    """The JSON that a command printed last on standard output; fails with what it said instead."""
    assert result.stdout.strip(), result.output or repr(result.exception)
    return json.loads(result.stdout.splitlines()[-1])


def issues_of(result: Result) -> Sequence[dict[str, Any]]:
    """The issues of an import run with --json."""
    found: Sequence[dict[str, Any]] = last_json(result)["issues"]
    return found
