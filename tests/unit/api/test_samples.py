"""Sample answers: those that the description shows and that keys for tests get."""

import pytest

from annuaire.api.describing.operations import OPERATIONS, Operation
from annuaire.api.describing.samples import sample, samples


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
def test_samples_have_the_fields_of_the_description(operation: Operation) -> None:
    answer = sample(operation.id)
    assert set(answer) <= set(operation.answer().fields)
    assert operation.answer().validate(answer) == {}


def test_every_sample_is_of_an_operation() -> None:
    assert set(samples()) == {operation.id for operation in OPERATIONS}
