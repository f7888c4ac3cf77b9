"""What the domain of an address proves: a public body, nothing, or that it is no professional one.
Pure."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

DATA: Final = Path(__file__).parent / "data" / "domains.toml"


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def domain(email: str) -> str:
    """What stands after the @."""
    return email.rpartition("@")[2].lower().rstrip(".")


def _and_above(name: str) -> list[str]:
    """The domain, then those above it: « a.b.fr », « b.fr », « fr »."""
    labels = name.split(".")
    return [".".join(labels[i:]) for i in range(len(labels))]


@cache
def personal() -> frozenset[str]:
    """The domains at which anyone gets an address."""
    return frozenset(_data()["personal"]["domains"])


def is_personal(email: str) -> bool:
    """Whether anyone gets an address at this domain."""
    return domain(email) in personal()


def vouches(email: str, siret: str) -> bool:
    """Whether the domain proves that the person works for the body of this SIRET."""
    known: Mapping[str, str] = _data()["public"]
    found = next((known[name] for name in _and_above(domain(email)) if name in known), None)
    return found is not None and siret.startswith(found)
