"""Fields whose refusals are in French, and say what to do."""

from typing import Any

from marshmallow import RAISE, Schema, fields


def said(**messages: str) -> dict[str, Any]:
    """Messages by code, as marshmallow keeps them."""
    return dict(messages)


class _French:
    default_error_messages = said(
        required="Ce champ manque.",
        null="Ce champ ne peut pas être nul : laissez-le absent.",
        validator_failed="Cette valeur ne peut pas être utilisée.",
    )


class Text(_French, fields.String):
    """A text."""

    default_error_messages = said(invalid="Un texte est attendu.")


class Number(_French, fields.Float):
    """A number: neither a text nor a truth value, as JSON tells them apart."""

    default_error_messages = said(
        invalid="Un nombre est attendu.",
        too_large="Ce nombre est trop grand.",
        special="Un nombre est attendu.",
    )

    def _validated(self, value: Any) -> float:
        if isinstance(value, bool | str):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Whole(_French, fields.Integer):
    """A whole number."""

    default_error_messages = said(
        invalid="Un nombre entier est attendu.",
        too_large="Ce nombre est trop grand.",
    )

    def _validated(self, value: Any) -> int:
        if not isinstance(value, int | float) or value != int(value):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Day(_French, fields.Date):
    """A day, as AAAA-MM-JJ."""

    default_error_messages = said(invalid="Une date est attendue, par exemple 2026-05-31.")


class Moment(_French, fields.AwareDateTime):
    """A moment with its offset, as 2026-05-31T12:00:00+02:00."""

    default_error_messages = said(
        invalid="Un moment est attendu, par exemple 2026-05-31T12:00:00+02:00.",
        invalid_awareness="Dites le fuseau, par exemple 2026-05-31T12:00:00+02:00.",
    )


class Several(_French, fields.List[Any]):
    """A list."""

    default_error_messages = said(invalid="Une liste est attendue.")


class Object(_French, fields.Nested):
    """An object within another."""

    default_error_messages = said(type="Un objet est attendu.")


class Sent(Schema):
    """A body, or an object within it: what it does not know is refused."""

    class Meta:
        unknown = RAISE

    error_messages = said(
        unknown="Ce champ n’existe pas.",
        type="Un objet JSON est attendu.",
    )
