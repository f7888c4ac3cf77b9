"""The form of a consultation: what was typed, kept as it is; and what it says once it holds. Pure.

Content is {"fields": {name: text}, "lots": [{name: text}]}: nothing of it is lost when it is wrong.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from marshmallow import ValidationError

from annuaire.activities import cpv
from annuaire.geo.gazetteer import find_commune, normalise_departement
from annuaire.matching.form import NATURES, NeedForm
from annuaire.wording import PARIS
from search.filters import InputError

MOST_LOTS: Final = 60
MOST_CHARACTERS: Final = 100_000  # of all texts together
#: Longest texts, by field, in characters.
FIELDS: Final = {
    "objet": 500, "adresse": 1_000, "reference": 60, "limite": 10, "heure": 5, "nature": 20,
    "departement": 60, "cpv": 10, "description": 20_000, "conditions": 20_000, "criteres": 20_000,
}  # fmt: skip
LOT_FIELDS: Final = {
    "numero": 20, "objet": 500, "cpv": 10, "montant": 30, "departement": 60, "commune": 100,
    "clause": 20_000,
}  # fmt: skip

_LOT = re.compile(r"lot-(\d{1,3})-([a-z]+)")
_IDWEB = re.compile(r"\b(\d{2}-\d{1,6})\b")
_TED = re.compile(r"/detail/0*(\d{1,8}-\d{4})\b")
Content = dict[str, Any]


def read_content(values: Iterable[tuple[str, str]]) -> Content:
    """What a form sent, lot by lot; lots without a word are left out."""
    fields = dict.fromkeys(FIELDS, "")
    lots: dict[int, dict[str, str]] = {}
    for name, value in values:
        if name in FIELDS:
            fields[name] = _typed(value, FIELDS[name])
        elif (match := _LOT.fullmatch(name)) and match[2] in LOT_FIELDS:
            lot = lots.setdefault(int(match[1]), dict.fromkeys(LOT_FIELDS, ""))
            lot[match[2]] = _typed(value, LOT_FIELDS[match[2]])
    said = [lots[at] for at in sorted(lots) if _says(lots[at])]
    return {"fields": fields, "lots": said[:MOST_LOTS]}


def _typed(value: str, most: int) -> str:
    """A text without what no page shows and no database keeps; one character too many stays, so
    that who wrote too much is told."""
    kept = "".join(c for c in value.replace("\r\n", "\n") if c.isprintable() or c in "\n\t")
    return kept.strip()[: most + 1]


def _says(lot: Mapping[str, str]) -> bool:
    return any(text for name, text in lot.items() if name != "numero")


def empty_content() -> Content:
    return read_content(())


def checked(content: Content, today: date) -> tuple[dict[str, Any] | None, list[InputError]]:
    """What a consultation says, in the words of a push (`platforms.consultations`), without its
    number and its buyer; or what is to be corrected, field by field."""
    errors: list[InputError] = []
    said = _Said(content, errors)
    body = said.body(today)
    return (None, errors) if errors else (body, errors)


class _Said:
    """A content being checked; what is wrong goes to `errors`."""

    def __init__(self, content: Content, errors: list[InputError]) -> None:
        self.fields: dict[str, str] = content["fields"]
        self.lots: list[dict[str, str]] = content["lots"]
        self._errors = errors

    def _wrong(self, field: str, message: str) -> None:
        self._errors.append(InputError(field, message))

    def body(self, today: date) -> dict[str, Any]:
        fields = self.fields
        self._sizes()
        if len(fields["objet"]) < 3:
            self._wrong("objet", "Écrivez l’objet de la consultation.")
        numbers = [lot["numero"] or str(at) for at, lot in enumerate(self.lots, 1)]
        for at, number in enumerate(numbers, 1):
            if numbers.index(number) != at - 1:
                self._wrong(f"lot-{at}-numero", f"Deux lots ont le numéro « {number} ».")
        texts: list[tuple[str, str, str | None]] = [
            ("execution", fields["conditions"], None),
            ("criteria", fields["criteres"], None),
        ]
        texts += [("execution", lot["clause"], n)
                  for n, lot in zip(numbers, self.lots, strict=True)]  # fmt: skip
        body: dict[str, Any] = {
            "title": fields["objet"],
            "url": self._address(fields["adresse"]),
            "nature": "call",
            "deadline": self._deadline(today),
            "types": [fields["nature"]] if fields["nature"] in NATURES else [],
            "description": fields["description"] or None,
            "cpv": self._cpv("cpv", fields["cpv"]),
            "departements": self._departements(fields["departement"]),
            "lots": [self._lot(at, n, lot)
                     for at, (n, lot) in enumerate(zip(numbers, self.lots, strict=True), 1)],
            "texts": [
                {"kind": kind, "text": text} | ({"lot": lot} if lot else {})
                for kind, text, lot in texts
                if text
            ],
            "codes": [],
        }  # fmt: skip
        if not fields["departement"] and not all(
            lot["departement"] for lot in self.lots or [fields]
        ):
            self._wrong("departement", "Dites dans quel département, pour l’ensemble ou par lot.")
        if notice := official_notice(fields["adresse"]):
            body["notice"] = notice
        elif fields["reference"]:
            body["reference"] = fields["reference"]
        return body

    def _sizes(self) -> None:
        for name, text in self.fields.items():
            if len(text) > FIELDS[name]:
                self._wrong(name, f"Ce texte dépasse {FIELDS[name]} signes.")
        every = [*self.fields.values(), *(t for lot in self.lots for t in lot.values())]
        if sum(map(len, every)) > MOST_CHARACTERS:
            self._wrong("description", "Les textes dépassent 100 000 signes en tout.")

    def _lot(self, at: int, number: str, lot: Mapping[str, str]) -> dict[str, Any]:
        field = f"lot-{at}-"
        for name, text in lot.items():
            if len(text) > LOT_FIELDS[name]:
                self._wrong(field + name, f"Lot {number[:20]} : ce texte est trop long.")
        if len(lot["objet"]) < 2:
            self._wrong(field + "objet", f"Écrivez l’objet du lot {number[:20]}.")
        departement = self._departement(field + "departement", lot["departement"])
        city = lot["commune"]
        if city and departement and find_commune(city, departement=departement) is None:
            self._wrong(field + "commune", f"Commune inconnue dans ce département : {city[:60]}.")
        found = {
            "number": number,
            "title": lot["objet"],
            "cpv": self._cpv(field + "cpv", lot["cpv"]),
            "amount_eur": self._amount(field + "montant", lot["montant"]),
            "departement": departement,
            "city": city or None,
        }
        return {name: value for name, value in found.items() if value is not None}

    def _address(self, text: str) -> str:
        parts = urlsplit(text)
        if parts.scheme not in ("https", "http") or "." not in (parts.hostname or ""):
            self._wrong(
                "adresse",
                "Donnez l’adresse de l’avis officiel ou de la consultation sur votre profil "
                "d’acheteur, qui commence par https://.",
            )
        return text

    def _deadline(self, today: date) -> datetime | None:
        day, hour = self.fields["limite"], self.fields["heure"]
        if not day:
            self._wrong("limite", "Donnez la date limite de réponse.")
            return None
        try:
            on = date.fromisoformat(day)
            at = time.fromisoformat(hour or "12:00")
        except ValueError:
            self._wrong("limite", "Date ou heure illisible : par exemple 2026-12-15, et 12:00.")
            return None
        if not today <= on <= date(today.year + 5, 12, 31):
            self._wrong("limite", "La date limite doit être à venir, dans les cinq ans.")
            return None
        return datetime.combine(on, at.replace(tzinfo=None), PARIS)

    def _cpv(self, field: str, code: str) -> str | None:
        if not code:
            return None
        if not re.fullmatch(cpv.SENT, code) or not cpv.is_known(code[:8]):
            self._wrong(field, f"Code CPV inconnu : {code[:20]}. Il a 8 chiffres.")
            return None
        return code[:8]

    def _amount(self, field: str, text: str) -> float | None:
        if not text:
            return None
        try:
            return float(
                NeedForm(only=("montant",), partial=True).load({"montant": text})["montant"]
            )
        except ValidationError as error:
            self._wrong(field, str(next(iter(error.messages_dict.values()))[0]))
            return None

    def _departement(self, field: str, text: str) -> str | None:
        code = normalise_departement(text) if text else None
        if text and code is None:
            self._wrong(field, f"Département inconnu : {text[:40]}. Par exemple 59, ou Nord.")
        return code

    def _departements(self, text: str) -> list[str]:
        parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
        codes = (self._departement("departement", part) for part in parts[:20])
        return list(dict.fromkeys(code for code in codes if code))


def official_notice(address: str) -> str | None:
    """The reference of the official notice that an address of the BOAMP or of TED shows."""
    parts = urlsplit(address)
    host = f".{parts.hostname or ''}"
    if host.endswith(".boamp.fr") and (match := _IDWEB.search(unquote(parts.query + parts.path))):
        return f"boamp-{match[1]}"
    if host.endswith(".ted.europa.eu") and (match := _TED.search(parts.path)):
        return f"ted-{match[1]}"
    return None


def shown_lots(content: Content, more: int) -> Iterator[tuple[int, dict[str, str]]]:
    """The lots of a form with their places, from 1, and some that are empty."""
    rows = content["lots"] + [dict.fromkeys(LOT_FIELDS, "")] * more
    return enumerate(rows[:MOST_LOTS], 1)
