"""Sample answers, one an operation: those of the description, and of keys for tests.

`tools/make_api_samples.py` takes them from the sample data, which is invented.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import orjson


@cache
def samples() -> Mapping[str, Any]:
    """All samples, by operation."""
    found: Mapping[str, Any] = orjson.loads(
        files("annuaire.api.describing").joinpath("data/samples.json").read_bytes()
    )
    return found


def sample(operation: str) -> Any:
    """The sample answer of an operation."""
    return samples()[operation]
