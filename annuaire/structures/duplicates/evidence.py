"""Why two structures may be one, in points and in French; pure.

Points are judgments, not probabilities: what is rare and hard to share by chance weighs most, a
kind of evidence counts once however many ways tell it, and what speaks against is counted and
shown too. Establishments of one company share its name, phone and site by nature: there these
count half, and the place decides. No number of points joins two structures: a person does.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from annuaire.geo.distance import distance_km
from annuaire.structures.duplicates.profiles import Profile
from annuaire.structures.kinds import KINDS

LEAST: Final = 50  # points from which a pair is shown
NEAR_KM: Final = 0.15
FAR_KM: Final = 15.0
CLOSE_NAMES, LIKE_NAMES = 92, 84  # rapidfuzz's token_sort_ratio, in percent
CROWD: Final = 4  # structures that share a number, an address, a name: from there it says less


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason: its code, its points (negative: against), the phrase shown, and what it rests
    on, by which a later change of evidence is seen."""

    code: str
    points: int
    sentence: str
    rests_on: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """How many structures share each phone, site, address and, in their département, each name:
    what many share says less."""

    counts: Counter[tuple[str, str]]

    @classmethod
    def among(cls, profiles: Iterable[Profile]) -> "Shared":
        """Count over the whole register."""
        counts: Counter[tuple[str, str]] = Counter()
        for one in profiles:
            counts.update(
                (kind, value)
                for kind, value in (
                    ("phone", one.phone), ("email", one.email), ("site", one.site),
                    ("address", _address(one)),
                    *(("name", _local(one, key)) for key, _ in one.names),
                )
                if value
            )  # fmt: skip
        return cls(counts)

    def crowd(self, kind: str, value: str) -> int:
        """How many share it, when they are a crowd; else 0."""
        count = self.counts[kind, value]
        return count if count >= CROWD else 0


Feature = Callable[[Profile, Profile, Shared], Evidence | None]


def weigh(one: Profile, other: Profile, shared: Shared) -> tuple[int, list[Evidence]]:
    """The points of a pair, from 0 to 100, and all that speaks for and against it."""
    found = [e for feature in FEATURES if (e := feature(one, other, shared))]
    return min(100, max(0, sum(e.points for e in found))), found


def fingerprint(evidence: Sequence[Evidence]) -> str:
    """What the evidence rests on, so that a refusal holds until that changes."""
    text = "\n".join(sorted(f"{e.code} {e.rests_on}" for e in evidence))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _siren(one: Profile, other: Profile, _: Shared) -> Evidence | None:
    if not one.siren or not other.siren:
        return None
    if one.siren != other.siren:
        sirens = " ".join(sorted((one.siren, other.siren)))
        return Evidence("other_siren", -15, "deux SIREN : deux personnes morales", sirens)
    phrase = f"même SIREN {one.siren}"
    if one.raw.kinds & other.raw.kinds and _address(one) and _address(one) == _address(other):
        phrase += " : un ancien et un nouveau numéro, ou deux établissements au même endroit"
    return Evidence("siren", 25, phrase, one.siren)


def _ended(one: Profile, other: Profile, _: Shared) -> Evidence | None:
    gone = one if one.raw.ended_on else other
    both = one.raw.ended_on and other.raw.ended_on
    if not gone.raw.ended_on or both or not _one_company(one, other):
        return None
    phrase = f"l'une ne figure plus dans les annuaires depuis le {gone.raw.ended_on:%d/%m/%Y}"
    return Evidence("ended", 15, f"{phrase} : déménagement possible", gone.raw.key)


def _typing(one: Profile, other: Profile, _: Shared) -> Evidence | None:
    first, second = one.raw.siret, other.raw.siret
    if not first or not second or one.valid == other.valid:
        return None
    if OSA.distance(first, second, score_cutoff=1) > 1:
        return None
    wrong = first if not one.valid else second
    points = 20 if one.siren == other.siren else 50  # one company's numbers begin alike
    phrase = f"SIRET à un chiffre près, et la clé de {wrong} est fausse"
    return Evidence("siret_typing", points, phrase, " ".join(sorted((first, second))))


def _name(one: Profile, other: Profile, shared: Shared) -> Evidence | None:
    pairs = [(a, b) for a in one.names for b in other.names if _same_digits(a[0], b[0])]
    if not pairs:
        return None
    scored = [(fuzz.token_sort_ratio(a[0], b[0]), sorted((a[0], b[0])), a, b) for a, b in pairs]
    score, keys, a, b = max(scored)
    if score < LIKE_NAMES:
        return None
    points = 35 if score == 100 else 28 if score >= CLOSE_NAMES else 20
    both = f"« {a[1]} » / « {b[1]} »"
    if a[1] == b[1]:
        phrase = f"même nom : « {a[1]} »"
    elif score == 100:
        phrase = f"même nom à l'écriture près : {both}"
    else:
        phrase = f"noms proches à {score:.0f} % : {both}"
    if _one_company(one, other):
        points //= 2
    elif crowd := max(shared.crowd("name", _local(p, k)) for p in (one, other) for k in keys):
        points //= 2
        phrase += f" (un nom que portent {crowd} structures du département)"
    return Evidence("name", points, phrase, " / ".join(keys))


def _local(one: Profile, key: str) -> str:
    return f"{one.raw.departement} {key}"


def _same_digits(one: str, other: str) -> bool:
    """« Garage 1 » and « Garage 2 » are two, however close their letters."""
    return _digits(one) == _digits(other)


def _digits(key: str) -> list[str]:
    return sorted(word for word in key.split() if any(c.isdigit() for c in word))


def _phone(one: Profile, other: Profile, shared: Shared) -> Evidence | None:
    return _contact("phone", 30, "même téléphone", (one, one.phone), (other, other.phone), shared)


def _email(one: Profile, other: Profile, shared: Shared) -> Evidence | None:
    return _contact("email", 25, "même courriel", (one, one.email), (other, other.email), shared)


def _site(one: Profile, other: Profile, shared: Shared) -> Evidence | None:
    return _contact("site", 20, "même site", (one, one.site), (other, other.site), shared)


def _contact(
    code: str,
    points: int,
    phrase: str,
    one: tuple[Profile, str],
    other: tuple[Profile, str],
    shared: Shared,
) -> Evidence | None:
    value = one[1]
    if not value or value != other[1]:
        return None
    if _one_company(one[0], other[0]):
        return Evidence(code, points // 2, f"{phrase} {value}", value)
    if crowd := shared.crowd(code, value):
        return Evidence(code, points // 3, f"{phrase} {value}, commun à {crowd} structures", value)
    return Evidence(code, points, f"{phrase} {value}", value)


def _one_company(one: Profile, other: Profile) -> bool:
    return bool(one.siren) and one.siren == other.siren


def _place(one: Profile, other: Profile, shared: Shared) -> Evidence | None:
    """The strongest thing that the places tell: same address, a few metres, the same commune."""
    km = _apart(one, other)
    if _address(one) and _address(one) == _address(other) and (km is None or km < FAR_KM):
        points, phrase = (30 if one.numbered else 22), f"même adresse : {one.raw.address}"
        if crowd := shared.crowd("address", _address(one)):
            points, phrase = points // 2, f"{phrase}, commune à {crowd} structures"
        return Evidence("address", points, phrase, _address(one))
    if km is not None and km <= NEAR_KM:
        return Evidence("near", 20, f"à {max(1, round(km * 1000))} m")
    if km is not None and km > FAR_KM:
        return Evidence("far", -20, f"à {km:.0f} km l'une de l'autre")
    if one.raw.code_insee and one.raw.code_insee == other.raw.code_insee:
        where = one.raw.city or one.raw.code_insee
        points = 5 if _one_company(one, other) else 15
        return Evidence("commune", points, f"même commune : {where}", one.raw.code_insee)
    if _one_company(one, other) and not (one.raw.ended_on or other.raw.ended_on):
        phrase = "à deux adresses : sans doute deux établissements d'un même organisme"
        return Evidence("elsewhere", -20, phrase)
    return None


def _address(one: Profile) -> str:
    place = one.raw.code_insee or one.raw.postcode
    return f"{place} {one.address}" if one.address and place else ""


def _apart(one: Profile, other: Profile) -> float | None:
    a, b = one.raw, other.raw
    if not (a.precise and b.precise) or None in (a.lat, a.lon, b.lat, b.lon):
        return None
    return distance_km(a.lat or 0.0, a.lon or 0.0, b.lat or 0.0, b.lon or 0.0)


def _kinds(one: Profile, other: Profile, _: Shared) -> Evidence | None:
    mine, theirs = one.raw.kinds - {"ESUS"}, other.raw.kinds - {"ESUS"}
    if not mine or not theirs or mine & theirs:
        return None
    told = " / ".join(", ".join(k for k in KINDS if k in held) for held in (mine, theirs))
    phrase = f"types différents ({told})"
    if _one_company(one, other):
        phrase += " : sans doute deux établissements d'un même organisme"
    return Evidence("kinds", -15, phrase, " ".join(sorted(mine ^ theirs)))


FEATURES: Final[tuple[Feature, ...]] = (
    _siren, _ended, _typing, _name, _phone, _email, _site, _place, _kinds,
)  # fmt: skip

#: The codes of evidence, in the words of filters and figures.
LABELS: Final = {
    "siren": "même SIREN",
    "ended": "l'une a disparu des annuaires",
    "siret_typing": "SIRET mal saisi",
    "name": "noms proches",
    "phone": "même téléphone",
    "email": "même courriel",
    "site": "même site",
    "address": "même adresse",
    "near": "à moins de 150 m",
    "commune": "même commune",
    "other_siren": "deux SIREN (contre)",
    "kinds": "types différents (contre)",
    "elsewhere": "deux adresses d'un organisme (contre)",
    "far": "éloignées (contre)",
}
