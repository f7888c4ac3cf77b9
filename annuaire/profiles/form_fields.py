"""Fields of the forms of a profile, on marshmallow: what is typed, made a value or refused in
French. Empty answers are taken away before (`forms.Form`)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields

from annuaire.profiles.cleaning import line, paragraphs
from annuaire.wording import nombre
from importers.files.contacts import read_email, read_phone
from importers.files.fields import Warnings, read_website
from search.filters.bounds import day_of, number_of

MAX_TYPED = 60_000  # characters of one answer that are looked at


_REACHES = {
    "phone": (read_phone, "Ce numéro de téléphone n’est pas français, ou il est incomplet."),
    "email": (read_email, "Cette adresse électronique est fausse : corrigez-la, ou videz-la."),
    "website": (read_website, "Donnez l’adresse d’un site, en http:// ou https://."),
}


class Line(fields.String):
    """A text on one line, of at most `limit` characters."""

    clean = staticmethod(line)

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = self.clean(str(value)[:MAX_TYPED])
        if len(text) > self.limit:
            raise ValidationError(
                f"{nombre(len(text))} signes : {nombre(self.limit)} au plus, raccourcissez."
            )
        if not text:
            raise ValidationError("Cette réponse ne contient rien de lisible : corrigez-la.")
        return text


class Paragraphs(Line):
    """A text whose lines are kept."""

    clean = staticmethod(paragraphs)


class Count(fields.Integer):
    """A whole number from `least` to `most`."""

    def __init__(self, *, most: int, least: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least, self.most = least, most

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        number = number_of(str(value)[:40])
        if number is None or number != int(number) or not self.least <= number <= self.most:
            raise ValidationError(
                f"Donnez un nombre entier de {nombre(self.least)} à {nombre(self.most)}."
            )
        return int(number)


class Euros(fields.Float):
    """An amount in € HT, whole or with cents."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> float:
        number = number_of(str(value)[:40])
        if number is None or number > 1e9:
            raise ValidationError("Donnez un montant en euros hors taxes, par exemple 25 000.")
        return number


class Day(fields.String):
    """A day, kept as an ISO date."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        day = day_of(str(value)[:40])
        if day is None:
            raise ValidationError("Donnez une date, par exemple 31/05/2026.")
        return day.isoformat()

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return f"{date.fromisoformat(value):%d/%m/%Y}" if value else ""


class OneOf(fields.String):
    """One of some values."""

    def __init__(self, *, among: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.among = among

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if value not in self.among:
            raise ValidationError("Choisissez une réponse de la liste.")
        return str(value)


class Tick(fields.Boolean):
    """A box that is ticked, or not sent."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        return True


class Reach(fields.String):
    """A phone number, an e-mail or a web address, read as those of directories."""

    def __init__(self, *, kind: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.read, self.wrong = _REACHES[kind]

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        warnings: Warnings = []
        text = str(value)
        found = self.read(line(text), attr or "", warnings) if len(text) <= 400 else None
        if found is None or warnings:
            raise ValidationError(self.wrong)
        return found
