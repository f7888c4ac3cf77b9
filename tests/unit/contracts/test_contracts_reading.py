"""What is worked out of a notice before it is stored."""

from datetime import UTC, date, datetime

import pytest

from annuaire.contracts.reading import closing_day

EXPIRES = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        (None, EXPIRES),
        (datetime(2026, 6, 12, 10, 0, tzinfo=UTC), date(2026, 6, 12)),
        (datetime(2026, 6, 11, 22, 0, tzinfo=UTC), date(2026, 6, 12)),  # midnight in Paris
        (datetime(2026, 1, 11, 23, 30, tzinfo=UTC), date(2026, 1, 12)),
    ],
)
def test_closing_day_is_that_of_paris(deadline: datetime | None, expected: date) -> None:
    assert closing_day(deadline, EXPIRES) == expected
