"""Long lists, numbers too great and orders of text, which the two databases take differently."""

from collections.abc import Iterable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, not_, or_, select
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.db import writing
from annuaire.outbox import OutboxLine
from annuaire.sql import BIGGEST, among, numbered, plain, typed_number
from tests.factories.commands import Run

MANY = 70_000  # more than a statement of either database takes of parameters
TOO_GREAT = (2**31, 2**63, 10**30)


@pytest.fixture
def lines(session: Session) -> Session:
    """Lines 1, 2 and 3 of each of two topics."""
    with writing(session):
        for topic in ("contracts", "structures"):
            outbox.announce(session, topic, [1, 2, 3])
    return session


def test_a_list_longer_than_what_a_statement_takes_finds_its_rows(lines: Session) -> None:
    wanted = select(OutboxLine.object_id).where(OutboxLine.topic == "contracts")
    numbers = wanted.where(among(OutboxLine.object_id, range(2, MANY)))
    assert sorted(lines.scalars(numbers)) == [2, 3]
    topics = ["structures", *map(str, range(MANY))]
    counted = select(func.count()).where(among(OutboxLine.topic, topics))
    assert lines.scalar(counted) == 3


@pytest.mark.parametrize(
    ("numbers", "left"),
    [([], [1, 2, 3]), ([2, None], [1, 3]), ([2, 10**12], [1, 3]), (range(1, 4), [])],
    ids=["nobody", "an unknown one", "one too great", "all"],
)
def test_rows_of_a_list_are_deleted_and_no_others(
    lines: Session, numbers: Iterable[int | None], left: list[int]
) -> None:
    with writing(lines):
        lines.execute(
            delete(OutboxLine).where(
                OutboxLine.topic == "contracts", among(OutboxLine.object_id, numbers)
            )
        )
    remaining = select(OutboxLine.object_id).where(OutboxLine.topic == "contracts")
    assert sorted(lines.scalars(remaining)) == left


def test_a_list_stands_in_any_condition(lines: Session) -> None:
    found = select(OutboxLine.object_id, OutboxLine.topic).where(
        or_(
            not_(among(OutboxLine.object_id, [1, 2])),
            among(func.substr(OutboxLine.topic, 1, 1), "c"),
        ),
        not_(among(OutboxLine.topic, outbox.FOLLOWERS.values())),
    )
    assert sorted(tuple(row) for row in lines.execute(found)) == [
        (1, "contracts"), (2, "contracts"), (3, "contracts"), (3, "structures"),
    ]  # fmt: skip


def test_a_text_is_sorted_as_python_sorts_it(session: Session) -> None:
    names = ["éa", "EA", "ea", "e-b", "e_a", "eb", "Éa", "e a", "zz", "ÉB"]
    with writing(session):
        for name in names:
            outbox.announce(session, name, [1])
    by_name = select(OutboxLine.topic).order_by(plain(OutboxLine.topic))
    assert session.scalars(by_name).all() == sorted(names)
    backwards = select(OutboxLine.topic).order_by(plain(OutboxLine.topic).desc())
    assert session.scalars(backwards).all() == sorted(names, reverse=True)


@pytest.mark.parametrize("number", [*TOO_GREAT, 0, -1])
def test_a_number_that_no_row_has_finds_none(lines: Session, number: int) -> None:
    assert numbered(lines, OutboxLine, number) is None


@pytest.mark.parametrize("number", TOO_GREAT)
@pytest.mark.parametrize(
    "command",
    [
        "runs {}",
        "runs {} --csv",
        "match --lot {}",
        "duplicates show {}",
        "duplicates accept {} --by moi",
        "duplicates refuse {} --by moi",
        "duplicates undo {} --by moi",
        "decisions undo {} --by moi --why essai",
        "reports show {}",
        "reports answer {} --text oui --by moi",
    ],
)
def test_a_command_says_of_a_number_too_great_that_nothing_has_it(
    run: Run, command: str, number: int
) -> None:
    result = run(*command.format(number).split())
    assert getattr(result.exception, "message", "").startswith("Aucun"), result.exception
    assert str(number) in result.exception.message


@pytest.mark.parametrize(
    "path",
    [
        "/sources/siae?lecture={}",
        "/sources/siae/remarques.csv?lecture={}",
        "/sitemaps/structures-{}.xml",
    ],
)
@pytest.mark.parametrize("number", [42_950, *TOO_GREAT])
def test_a_page_of_a_number_too_great_is_not_found(
    client: FlaskClient, path: str, number: int
) -> None:
    assert client.get(path.format(number)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "number"),
    [("7", 7), ("007", 7), (str(BIGGEST), BIGGEST), ("9" * 5_000, 0), ("", 0), ("-1", 0),
     ("1.5", 0), ("²", 0), ("٣", 0), (" 7", 0)],
)  # fmt: skip
def test_what_somebody_types_is_the_typed_number_a_row_or_none(typed: str, number: int) -> None:
    assert typed_number(typed) == number
