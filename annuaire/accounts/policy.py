"""Who may ask for what: the table of data/policy.toml, read and applied. Pure: no request here.

Every endpoint has a line, with those who may: one word or several. What has no line is for nobody.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from annuaire.errors import AnnuaireError

#: - visitor: everyone, signed in or not;
#: - signed_in: whoever has an account;
#: - member: who speaks for the structure that the address names (`key`);
#: - buyer: who has a seat in a public body, verified or not;
#: - verified_buyer: who has one that a domain, a colleague or a moderator vouches for;
#: - facilitator: who was granted a territory;
#: - key: who holds a key of the API with the scope of the operation: the API's own door checks it;
#: - moderator, administrator: by their role; an administrator may all that a moderator may.
Who = Literal[
    "visitor", "signed_in", "member", "buyer", "verified_buyer", "facilitator", "moderator",
    "administrator", "key",
]  # fmt: skip
WORDS: Final = frozenset(get_args(Who))
STAFF: Final = frozenset({"moderator", "administrator"})
TABLE: Final = Path(__file__).parent / "data" / "policy.toml"


class PolicyError(AnnuaireError):
    """The table cannot be read."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks. `words` are all those of the table that they answer to, but « member »."""

    user_id: int | None
    words: frozenset[str]


VISITOR: Final = Subject(None, frozenset({"visitor"}))


def subject(
    user_id: int,
    role: str,
    *,
    buyer: bool = False,
    verified_buyer: bool = False,
    facilitator: bool = False,
) -> Subject:
    """Who is signed in, by their role and what they hold."""
    words = {"visitor", "signed_in"}
    words |= {"moderator"} if role in STAFF else set()
    words |= {"administrator"} if role == "administrator" else set()
    held = {"buyer": buyer, "verified_buyer": verified_buyer, "facilitator": facilitator}
    return Subject(user_id, frozenset(words | {word for word, holds in held.items() if holds}))


def allows(who: frozenset[str], asking: Subject, *, member: bool = False) -> bool:
    """Whether who asks is among those who may; `member`: they are of the object asked for."""
    return bool(who & asking.words) or (member and "member" in who)


def is_by_role(who: frozenset[str], asking: Subject, *, member: bool = False) -> bool:
    """Whether nothing but their role lets a moderator or an administrator: they then need their
    second factor, also where others may without it."""
    return not allows(who - STAFF, asking, member=member)


@cache
def table(path: Path = TABLE) -> Mapping[str, frozenset[str]]:
    """By endpoint, who may. Raises PolicyError for a word that is not in WORDS."""
    found: dict[str, frozenset[str]] = {}
    for group, lines in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for name, who in lines.items():
            endpoint = name if group == "site" else f"{group}.{name}"
            words = frozenset([who] if isinstance(who, str) else who)
            if not words or not words <= WORDS:
                raise PolicyError(f"{path.name} : « {endpoint} » dit {sorted(words)}.")
            found[endpoint] = words
    return found
