"""The values of a profile in words, for its page, its history and what differs; pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from annuaire.activities.taxonomy import taxonomy
from annuaire.geo.area_words import area_words
from annuaire.geo.areas import area_of
from annuaire.profiles.fields import BY_NAME, QUALIFICATIONS, WAYS
from annuaire.wording import date_fr, euros, pluriel, telephone

Words = Callable[[Any], list[str]]


def words_of(name: str, value: Any) -> list[str]:
    """A value in words, one line or several; none for nothing."""
    if value is None:
        return []
    return _WORDS.get(name, lambda given: [str(given)])(value)


def label_of(name: str) -> str:
    """The field's name in French."""
    return BY_NAME[name].label if name in BY_NAME else name


def reference_words(row: Mapping[str, Any]) -> str:
    """« Entretien du parc – Ville d'Essai, 2024, 25 000 € HT »; a client who did not agree is not
    in the row."""
    amount = f"{euros(row['amount'])} HT" if row.get("amount") else None
    about = [row.get("client"), row.get("year"), amount]
    told = ", ".join(str(part) for part in about if part)
    return f"{row['title']} – {told}" if told else str(row["title"])


def qualification_words(row: Mapping[str, Any]) -> str:
    """« Qualipropre (label), Organisme d'essai, du 1er mars 2025 au 1er mars 2028 »."""
    kind = QUALIFICATIONS.get(row.get("kind") or "")
    parts = [f"{row['name']} ({kind})" if kind else row["name"], row.get("body")]
    since, until = date_fr(row.get("since")), date_fr(row.get("until"))
    if since and until:
        parts.append(f"du {since} au {until}")
    elif since or until:
        parts.append(f"depuis le {since}" if since else f"jusqu’au {until}")
    return ", ".join(part for part in parts if part)


def contact_words(row: Mapping[str, Any]) -> str:
    """« Camille Essai, responsable des marchés, 03 20 00 00 00 »."""
    parts = (row["name"], row.get("role"), telephone(row.get("phone")), row.get("email"))
    return ", ".join(part for part in parts if part)


def _area(value: Any) -> list[str]:
    area = area_of(value)
    return [area_words(area)] if area else []


def _amount(value: Any) -> list[str]:
    return [f"{euros(value)} HT"]


_WORDS: Final[Mapping[str, Words]] = {
    "ways": lambda value: [WAYS.get(way, way) for way in value],
    "activities": lambda value: [taxonomy().label(code) for code in value],
    "offers": list,
    "networks": list,
    "area": _area,
    "people": lambda value: [pluriel(value, "personne")],
    "teams": lambda value: [pluriel(value, "équipe")],
    "delay_days": lambda value: [pluriel(value, "jour")],
    "available_on": lambda value: [date_fr(value)],
    "amount_min": _amount,
    "amount_max": _amount,
    "references": lambda value: [reference_words(row) for row in value],
    "qualifications": lambda value: [qualification_words(row) for row in value],
    "contacts": lambda value: [contact_words(row) for row in value],
    "phone": lambda value: [telephone(value)],
    "logo": lambda value: [value.get("alt") or "une image"],
    "photos": lambda value: [photo.get("alt") or "une photo" for photo in value],
}
