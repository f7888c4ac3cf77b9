"""Why two structures may be one: cases that anyone can read, and what holds of any pair."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.bench.files import invented_siret
from annuaire.structures.duplicates.blocking import MOST, candidate_pairs
from annuaire.structures.duplicates.evidence import (
    LABELS,
    LEAST,
    Shared,
    fingerprint,
    weigh,
)
from annuaire.structures.duplicates.profiles import (
    Raw,
    address_key,
    profile,
    site_key,
)

SIRET, OTHER = invented_siret(1), invented_siret(2)
SIBLING = SIRET[:9] + "00027"
TYPED_WRONG = SIRET[:12] + str((int(SIRET[12]) + 1) % 10) + SIRET[13]

ONE = Raw(
    id=1, key=SIRET, siret=SIRET, name="LES CEDRES", brand=None, address="12 rue des Essais",
    postcode="59000", city="Lille", code_insee="59350", departement="59", lat=50.6300, lon=3.0600,
    precise=True, phone="+33320000000", email="contact@example.org",
    website="https://cedres.example.org", ended_on=None, kinds=frozenset({"ESAT"}),
)  # fmt: skip
#: Nothing in common with ONE but the département.
FAR = Raw(
    id=2, key=OTHER, siret=OTHER, name="BOIS ET FORETS", brand=None, address="3 place du Modèle",
    postcode="59140", city="Dunkerque", code_insee="59183", departement="59", lat=51.03, lon=2.37,
    precise=True, phone=None, email=None, website=None, ended_on=None, kinds=frozenset({"ESAT"}),
)  # fmt: skip


def compare(one: Raw, other: Raw) -> tuple[int, dict[str, str]]:
    """The points of a pair, and its phrases by code."""
    profiles = [profile(one), profile(other)]
    score, evidence = weigh(*profiles, Shared.among(profiles))
    return score, {e.code: e.sentence for e in evidence}


def like(*parts: dict[str, object], **changes: object) -> Raw:
    """FAR with what is told of ONE instead."""
    fields: dict[str, object] = {}
    for part in (*parts, changes):
        fields |= part
    return replace(FAR, **fields)  # type: ignore[arg-type]  # a table of fields


FINESS: dict[str, object] = {"key": "finess:590000011", "siret": None}
PLACE: dict[str, object] = {
    name: getattr(ONE, name) for name in ("address", "postcode", "city", "code_insee", "lat", "lon")
}

SHOWN = {
    "an ESAT known by its FINESS, same name and address": (
        like(FINESS, PLACE, name="Association Les Cèdres (ESAT)"),
        {"name": "même nom à l'écriture près : « LES CEDRES » / « Association Les Cèdres (ESAT) »",
         "address": "même adresse : 12 rue des Essais"},
    ),
    "a close name and the same phone": (
        like(FINESS, PLACE, address=None, lat=None, name="LES CEDRE", phone="+33320000000"),
        {"name": "noms proches à 91 % : « LES CEDRES » / « LES CEDRE »",
         "phone": "même téléphone +33320000000", "commune": "même commune : Lille"},
    ),
    "a few metres away": (
        like(FINESS, PLACE, address="Parc des Essais", lat=50.6307, name="Les Cèdres"),
        {"name": "même nom à l'écriture près : « LES CEDRES » / « Les Cèdres »", "near": "à 78 m"},
    ),
    "a name and a commune, without a SIRET": (
        like(FINESS, PLACE, {"address": None, "precise": False}, name="LES CEDRES"),
        {"name": "même nom : « LES CEDRES »", "commune": "même commune : Lille"},
    ),
    "one company, one address, one kind": (
        like(PLACE, key=SIBLING, siret=SIBLING, name="LES CEDRES"),
        {"siren": f"même SIREN {SIRET[:9]} : un ancien et un nouveau numéro, ou deux "
                  "établissements au même endroit",
         "address": "même adresse : 12 rue des Essais", "name": "même nom : « LES CEDRES »"},
    ),
    "one company, one address, two kinds": (
        like(PLACE, key=SIBLING, siret=SIBLING, name="LES CEDRES", kinds=frozenset({"EA"})),
        {"siren": f"même SIREN {SIRET[:9]}", "address": "même adresse : 12 rue des Essais",
         "name": "même nom : « LES CEDRES »",
         "kinds": "types différents (ESAT / EA) : sans doute deux établissements d'un même "
                  "organisme"},
    ),
    "one company, an establishment gone and another listed": (
        like(PLACE, {"address": "3 place du Modèle", "lat": 50.65}, key=SIBLING, siret=SIBLING,
             name="LES CEDRES", ended_on=date(2026, 1, 31)),
        {"siren": f"même SIREN {SIRET[:9]}", "name": "même nom : « LES CEDRES »",
         "commune": "même commune : Lille",
         "ended": "l'une ne figure plus dans les annuaires depuis le 31/01/2026 : déménagement "
                  "possible"},
    ),
    "a SIRET typed wrong": (
        like(PLACE, key=TYPED_WRONG, siret=TYPED_WRONG, name="LES CEDRES"),
        {"siret_typing": f"SIRET à un chiffre près, et la clé de {TYPED_WRONG} est fausse"},
    ),
    "two companies in succession: same name, address and kind": (
        like(PLACE, name="LES CEDRES"),
        {"other_siren": "deux SIREN : deux personnes morales",
         "name": "même nom : « LES CEDRES »", "address": "même adresse : 12 rue des Essais"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("other", "said"), SHOWN.values(), ids=SHOWN)
def test_a_likely_pair_is_shown_with_its_reasons(other: Raw, said: dict[str, str]) -> None:
    score, phrases = compare(ONE, other)
    assert score >= LEAST, phrases
    assert said.items() <= phrases.items()


HIDDEN = {
    "nothing in common": FAR,
    "a score on the name alone is never enough": like(FINESS, name="LES CEDRES"),
    "a phone alone": like(phone="+33320000000"),
    "an address alone": like(PLACE),
    "two companies of one group: a name and a place, two kinds": like(
        PLACE, name="LES CEDRES", kinds=frozenset({"ETTI"})
    ),
    "one company, two towns, one switchboard": like(
        key=SIBLING, siret=SIBLING, name="LES CEDRES", phone="+33320000000",
        website="https://cedres.example.org",
    ),
    "numbered names": like(FINESS, PLACE, {"address": None}, name="LES CEDRES 2"),
}  # fmt: skip


@pytest.mark.parametrize("other", HIDDEN.values(), ids=HIDDEN)
def test_what_two_organisations_may_share_is_not_enough(other: Raw) -> None:
    score, phrases = compare(ONE, other)
    assert score < LEAST, phrases


def test_what_many_share_says_less() -> None:
    other = profile(like(FINESS, PLACE, name="LES CEDRES"))
    crowd = [profile(like(FINESS, PLACE, id=n, name="Les Cèdres")) for n in range(3, 8)]
    alone, _ = weigh(profile(ONE), other, Shared.among([profile(ONE), other]))
    among, evidence = weigh(profile(ONE), other, Shared.among([profile(ONE), other, *crowd]))
    assert among < alone
    assert any("que portent 7 structures du département" in e.sentence for e in evidence)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("12bis, Av. du Gal Leclerc - BP 21", "12 bis avenue du Général Leclerc"),
        ("ZI DES SPECIMENS", "Z.I. des Spécimens"),
        ("Immeuble Le Modèle, 5 R DE L ESSAI", "5 rue de l'Essai"),
        ("3 bd St Michel CEDEX 2", "3 Boulevard Saint-Michel"),
    ],
)
def test_one_address_written_two_ways_is_one(written: str, same: str) -> None:
    assert address_key(written) == address_key(same) != ""


@pytest.mark.parametrize(
    ("website", "key"),
    [
        ("http://www.Cedres.example.org/", "cedres.example.org"),
        ("cedres.example.org", "cedres.example.org"),
        ("https://www.facebook.com/cedres", "facebook.com/cedres"),
        ("à venir", ""),
        ("http://[", ""),
    ],
)
def test_a_site_is_known_by_its_host(website: str, key: str) -> None:
    assert site_key(website) == key


def test_a_refusal_rests_on_what_was_compared_and_not_on_metres() -> None:
    near = like(FINESS, PLACE, {"address": "Parc", "lat": 50.6307}, name="LES CEDRES")
    moved = replace(near, lat=50.6308)
    renamed = replace(near, name="LES CEDRE")
    marks = [
        fingerprint(weigh(profile(ONE), profile(other), Shared.among([]))[1])
        for other in (near, moved, renamed)
    ]
    assert marks[0] == marks[1] != marks[2]


def test_pairs_are_compared_once_and_never_by_crowds() -> None:
    profiles = [profile(replace(ONE, id=n)) for n in range(MOST + 1)]
    assert list(candidate_pairs(profiles)) == []
    pairs = list(candidate_pairs(profiles[:3]))
    assert len(pairs) == len({(a.raw.id, b.raw.id) for a, b in pairs}) == 3


def test_invented_structures_are_not_compared_with_real_ones() -> None:
    profiles = [profile(ONE), profile(replace(ONE, id=2, sample=True))]
    assert list(candidate_pairs(profiles)) == []


TEXT = st.text(max_size=30)
RAWS = st.builds(
    Raw,
    id=st.integers(1, 9),
    key=TEXT,
    siret=st.none() | st.from_regex(r"[0-9]{14}", fullmatch=True),
    name=TEXT,
    brand=st.none() | TEXT,
    address=st.none() | TEXT,
    postcode=st.none() | TEXT,
    city=st.none() | TEXT,
    code_insee=st.none() | TEXT,
    departement=st.sampled_from(["59", "2A"]),
    lat=st.none() | st.floats(-90, 90),
    lon=st.none() | st.floats(-180, 180),
    precise=st.booleans(),
    phone=st.none() | TEXT,
    email=st.none() | TEXT,
    website=st.none() | TEXT,
    ended_on=st.none() | st.dates(),
    kinds=st.sets(st.sampled_from(["EI", "ESAT", "ESUS"])).map(frozenset),
    sample=st.just(False),
)


@given(RAWS, RAWS)
def test_any_pair_has_points_and_phrases_and_both_ways_are_one(one: Raw, other: Raw) -> None:
    profiles = [profile(one), profile(other)]
    score, evidence = weigh(*profiles, Shared.among(profiles))
    back, mirrored = weigh(*reversed(profiles), Shared.among(profiles))
    assert 0 <= score == back <= 100
    assert fingerprint(evidence) == fingerprint(mirrored)
    assert all(e.code in LABELS and e.sentence for e in evidence)
