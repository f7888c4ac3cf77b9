"""Which pairs of structures are worth comparing; pure.

Two structures are compared when they share, inside one département, something that few others
share: a phone, an address, a company's number, a rare word of the name in one commune. A group
larger than MOST tells nothing of its members and is passed over, so the work grows with the number
of structures and not with its square.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from annuaire.structures.duplicates.profiles import Profile

MOST: Final = 40  # structures in a group that is still compared pair by pair
WORD: Final = 6  # letters of a word that count: « jardin » meets « jardins »


def candidate_pairs(profiles: Sequence[Profile]) -> Iterator[tuple[Profile, Profile]]:
    """The pairs worth comparing, each once, in a fixed order; at least one of the two lives."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, profile in enumerate(profiles):
        for key in _keys(profile):
            groups[key].append(at)
    seen: set[int] = set()
    count = len(profiles)
    for key, members in groups.items():
        if not 1 < len(members) <= MOST:
            continue
        for first, second in _pairs_of(key, members, profiles):
            number = first * count + second
            if number not in seen:
                seen.add(number)
                yield profiles[first], profiles[second]


def _pairs_of(
    key: tuple[str, ...], members: Sequence[int], profiles: Sequence[Profile]
) -> Iterator[tuple[int, int]]:
    typing = key[0] == "typing"
    for at, first in enumerate(members):
        one = profiles[first]
        for second in members[at + 1 :]:
            other = profiles[second]
            if one.raw.sample != other.raw.sample:
                continue
            if typing and one.valid and other.valid:
                continue
            if _both_may_be_one(key[0], one, other):
                yield first, second


def _both_may_be_one(shared: str, one: Profile, other: Profile) -> bool:
    """An ended structure is only compared with a living one of its company."""
    ended = (one.raw.ended_on is not None) + (other.raw.ended_on is not None)
    return ended == 0 or (ended == 1 and shared == "siren")


def _keys(profile: Profile) -> Iterable[tuple[str, ...]]:
    raw = profile.raw
    where = raw.departement or ""
    if profile.siren:
        yield "siren", where, profile.siren
    if raw.ended_on is not None or not where:
        return
    for kind, value in (
        ("phone", profile.phone),
        ("email", profile.email),
        ("site", profile.site),
        ("address", profile.address and f"{raw.code_insee or raw.postcode} {profile.address}"),
    ):
        if value:
            yield kind, where, value
    for place in {raw.code_insee, raw.postcode} - {None}:
        for word in {word[:WORD] for word in profile.words}:
            yield "word", str(place), word
    if raw.siret:
        # One wrong digit leaves one half of a SIRET whole.
        yield "typing", where, "first", raw.siret[:7]
        yield "typing", where, "last", raw.siret[7:]
