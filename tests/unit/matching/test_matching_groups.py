"""Who could answer together: least members, each its part, gaps named; cases, then properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.matching.candidates import Candidate
from annuaire.matching.groups import MOST_GROUPS, MOST_MEMBERS, Able, Part, propose

WITHIN_KM = 100.0
CLEANING, GARDENS, LINEN, ASBESTOS = "nettoyage", "espaces verts", "linge", "désamiantage"


def able(name: str, points: float = 50.0, means: float | None = None, km: float = 10.0) -> Able:
    return Able(Candidate(key=name, name=name, kinds=("EI",)), points, km, means)


def parts(**who: str) -> list[Part]:
    """Parts by label; each letter is a structure, the earlier the better."""
    return [
        Part(label, tuple(able(name, 60.0 - at) for at, name in enumerate(names)))
        for label, names in who.items()
    ]


@pytest.mark.parametrize(
    ("asked", "members", "gaps"),
    [
        pytest.param({"x": "A", "y": "B"}, [{"A", "B"}], 0, id="two trades, two structures"),
        pytest.param({"x": "AC", "y": "BC"}, [], 0, id="one covers all: no group"),
        pytest.param({"x": "A", "y": "B", "z": ""}, [{"A", "B"}], 1, id="a gap is named"),
        pytest.param({"x": "", "y": ""}, [], 2, id="nobody at all"),
        pytest.param({"x": "A", "y": ""}, [], 1, id="one part left: no group"),
        pytest.param({"x": "AD", "y": "BD", "z": "C"}, [{"D", "C"}], 0, id="least members"),
        pytest.param(
            {"x": "AC", "y": "BD"}, [{"A", "B"}, {"C", "D"}], 0, id="groups differ, best first"
        ),
        pytest.param(
            {c: c.upper() for c in "abcdefg"}, [set("ABCDE")], 0, id="more parts than members"
        ),
    ],
)
def test_groups_are_the_least_that_cover(
    asked: dict[str, str], members: list[set[str]], gaps: int
) -> None:
    found = propose(parts(**asked), WITHIN_KM)
    got = [{m.key for m in group.members} for group in found.groups]
    assert got[: len(members)] == members or (len(asked) == 7 and len(got[0]) == MOST_MEMBERS)
    assert bool(got) == bool(members)
    assert len(found.gaps) == gaps


def test_who_covers_all_alone_is_named() -> None:
    assert propose(parts(x="AC", y="BC"), WITHIN_KM).alone == ("C",)


def test_each_member_has_its_part_and_the_sentence_says_it() -> None:
    (group,) = propose(
        [Part(CLEANING, (able("Saules", km=4.0),)), Part(GARDENS, (able("Ormes", km=31.0),)),
         Part(ASBESTOS, ())], WITHIN_KM,
    ).groups  # fmt: skip
    assert {m.name: m.takes for m in group.members} == {
        "Saules": (CLEANING,), "Ormes": (GARDENS,),
    }  # fmt: skip
    assert sum(m.lead for m in group.members) == 1
    assert group.members[0].lead
    assert "« nettoyage »" in group.sentence
    assert "31\xa0km" in group.sentence


def test_gap_says_what_and_how_far_it_was_sought() -> None:
    gaps = propose([Part(ASBESTOS, ()), Part("zzz", (), recognised=False)], WITHIN_KM).gaps
    assert gaps == (
        "Aucune structure connue pour « désamiantage » à moins de 100\xa0km.",
        "Activité non reconnue pour « zzz » : personne n'a été cherché.",
    )


@pytest.mark.parametrize(
    ("amount", "means", "sizes"),
    [
        pytest.param(500_000, [300_000, 250_000, 90_000], [2, 3], id="two reach it together"),
        pytest.param(200_000, [300_000, 250_000], [], id="one reaches it alone"),
        pytest.param(500_000, [300_000, None, 250_000], [], id="unknown means say nothing"),
        pytest.param(9e9, [300_000, 250_000, 90_000], [], id="all together do not reach it"),
        pytest.param(None, [300_000, 250_000], [], id="no amount"),
    ],
)
def test_amount_too_large_for_one_is_shared_by_means(
    amount: float | None, means: list[float | None], sizes: list[int]
) -> None:
    who = tuple(able(f"S{at}", 60.0 - at, m) for at, m in enumerate(means))
    found = propose([Part(CLEANING, who, amount)], WITHIN_KM).groups
    assert [len(group.members) for group in found] == sizes[: len(found)]
    assert bool(found) == bool(sizes)
    for group in found:
        assert sum(m.share or 0 for m in group.members) == pytest.approx(1.0, abs=0.03)


@st.composite
def any_parts(draw: st.DrawFn) -> list[Part]:
    names = st.lists(st.sampled_from("ABCDEFGHIJ"), unique=True, max_size=6)
    return [
        Part(f"part {at}", tuple(able(n, draw(st.floats(0, 100))) for n in draw(names)))
        for at in range(draw(st.integers(1, 8)))
    ]


@given(any_parts())
def test_any_groups_cover_without_waste(asked: list[Part]) -> None:
    found = propose(asked, WITHIN_KM)
    assert len(found.groups) <= MOST_GROUPS
    assert not (found.alone and found.groups)
    takers = {part.label: {a.candidate.key for a in part.able} for part in asked}
    for group in found.groups:
        assert 2 <= len(group.members) <= MOST_MEMBERS
        taken = [label for m in group.members for label in m.takes]
        held = [part.label for part in asked if part.able]
        assert sorted([*taken, *group.missing]) == sorted(held)
        assert all(m.key in takers[label] for m in group.members for label in m.takes)
        for left_out in group.members:  # nobody could stay at home
            rest = {m.key for m in group.members} - {left_out.key}
            assert any(not takers[label] & rest for label in taken)
    assert len(found.gaps) == sum(not part.able for part in asked)


@given(any_parts(), st.randoms())
def test_order_of_candidates_changes_nothing(asked: list[Part], draw: object) -> None:
    shuffled = [
        Part(p.label, tuple(sorted(p.able, key=lambda _: draw.random())))  # type: ignore[attr-defined]  # hypothesis' Random
        for p in asked
    ]
    if len([p for p in asked if p.able]) > 1:
        assert propose(asked, WITHIN_KM) == propose(shuffled, WITHIN_KM)
