"""What a buyer may say beside a document: where, how much, when; all of it optional."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import ValidationError

from annuaire.matching.form import NeedForm
from search.filters import InputError

FIELDS: Final = ("lieu", "montant", "date")


def wrong_answers(values: Mapping[str, str]) -> Sequence[InputError]:
    """The answers that the form of a need would not take, field by field."""
    try:
        NeedForm(only=FIELDS, partial=FIELDS).load(values)
    except ValidationError as error:
        messages: Any = error.messages
        return [InputError(name, text) for name, found in messages.items() for text in found]
    return ()
