"""What a pasted text says of a need beside its trade: how long, how much, how many, until when.

Pure. Each reading is a guess that the answer states; what a form says goes before it.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from annuaire.wording import nombre
from annuaire.words import fold

MAX_MONTHS: Final = 240
ENOUGH_FOREIGN: Final = 4  # foreign words from which a text is said to be partly foreign
FEW_FOREIGN: Final = 2  # the same for a short one, when they differ
SHORT: Final = 400
LONG: Final = 2_000  # characters from which a text is read by its telling lines
MAX_READ: Final = 5_000

_NUMBERS: Final = {
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "douze": 12,
}  # fmt: skip
_DURATION = re.compile(
    r"\b(?:duree|periode)\b[^.;|\n]{0,60}?\b(\d{1,3}|" + "|".join(_NUMBERS) + r")\s*"
    r"(?:\([^)]{1,15}\)\s*)?(mois|ans?|annees?)\b"
)
_QUANTITY = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[ .\u202f\u00a0]\d{3})+|\d{1,6})(?:,\d+)?\s*"
    r"(m²|m2|m³|m3|ml\b|hectares?|ha\b|km\b|tonnes?|kg\b|repas|plateaux|couverts|heures?|agents?|"
    r"postes|unités|exemplaires|arbres|bâtiments|logements|vitres|draps|kits|passages)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?:montant|budget|estim\w*|enveloppe|valeur)[^.;|\n]{0,80}?"
    r"(\d{1,3}(?:[ .\u202f\u00a0]\d{3})+|\d{1,9})(?:,(\d{1,2}))?\s*(k€|m€|€|euros?|eur\b)"
)
_ONE_LOT = re.compile(r"\blot\b")
_DEADLINE = re.compile(
    r"(?:date limite|avant le|remise des (?:offres|plis|candidatures))[^|;\n]{0,60}?"
    r"(\d{1,2})/(\d{1,2})/(\d{4})"
)
_PLACE = re.compile(
    r"\b(\d{5} [A-ZÀ-Ý][\w'’-]+)|(?:\bà|\bcommune de|\bville de|\bVille de) "
    r"((?:L[ae]s? )?[A-ZÀ-Ý][\w'’-]+(?:[ -][A-ZÀ-Ý][\w'’-]+){0,3})"
)
#: Words that are of one language and not of French, by the language.
_FOREIGN: Final = {
    language: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for language, words in (
        ("anglais", "the|of|and|for|with|our|your|cleaning|supply|shall|works|will|from|included"),
        ("allemand", "und|der|das|für|von|zum|zur|eine|reinigung|gebäude|leistungen"),
        ("espagnol", "el|los|del|para|con|por|limpieza|servicios?|oficinas?"),
        ("italien", "gli|della|delle|degli|dei|per|pulizia|servizio|servizi|uffici"),
    )
}
_TELLING = re.compile(
    r"objet|prestation|\blots?\b|intitule|fourniture|travaux|montant|duree|lieu|quantit|date limite"
)
_NAMING = re.compile(r"\bobjet\b|\blots?\b|\bintitule")


@dataclass(frozen=True, slots=True)
class Details:
    """What was read: months, a quantity with its unit as written, € HT, a last day, and the words
    that may be a place."""

    months: float | None = None
    quantity: str | None = None
    amount_eur: float | None = None
    deadline: date | None = None
    place: str | None = None


def details(text: str) -> Details:
    """What a text says; None for what it does not say, or says twice in different ways."""
    said = fold(text)
    found = _QUANTITY.search(text)
    return Details(
        months=_months(said),
        quantity=f"{found[1]} {found[2]}" if found else None,
        amount_eur=_amount(said),
        deadline=_deadline(said),
        place=next((a or b for a, b in _PLACE.findall(text)), None),
    )


def essence(text: str) -> tuple[str, str | None]:
    """What is read of a text, and the sentence that says so when that is not the whole.

    A long one is read by the lines that speak of object, lots, amount, place, duration.
    """
    if len(text) <= LONG:
        return text, None
    lines = [line.strip() for line in re.split(r"[\r\n\f]+|(?<=[.;])\s", text) if line.strip()]
    telling = [line for line in lines if _TELLING.search(fold(line[:500]))] or lines
    kept, size = [], 0
    for line in telling:
        if size + len(line) > MAX_READ:
            break
        kept.append(line)
        size += len(line) + 1
    read = "\n".join(kept) or text[:MAX_READ]
    return read, (
        f"Texte de {nombre(len(text))} signes : {nombre(len(read))} ont été lus, ceux qui "
        "parlent d'objet, de lots, de montant, de lieu ou de durée. Vérifiez ce qui en est retenu."
    )


def naming(text: str) -> str:
    """The lines of a long text that say what is bought (object, lots, title): its other lines say
    how, in words that are trades elsewhere (« transmet un compte rendu »)."""
    if len(text) <= LONG:
        return text
    lines = text.splitlines()
    return "\n".join([line for line in lines if _NAMING.search(fold(line))]) or text


def foreign(text: str) -> str | None:
    """The sentence for a text that is partly in another language, None else."""
    for language, words in _FOREIGN.items():
        found = [word.lower() for word in words.findall(text)]
        few = len(text) <= SHORT and len(set(found)) >= FEW_FOREIGN
        if few or len(found) >= ENOUGH_FOREIGN:
            return f"Texte en partie en {language} : seuls les mots français ont été compris."
    return None


def _months(said: str) -> float | None:
    found = _DURATION.search(said)
    if not found:
        return None
    number = _NUMBERS.get(found[1]) or int(found[1])
    months = number if found[2] == "mois" else number * 12
    return float(months) if 0 < months <= MAX_MONTHS else None


def _amount(said: str) -> float | None:
    """The amount that a text gives once; what it says of one lot is not what the need costs."""
    found = {
        float(re.sub(r"\D", "", each[1]) + "." + (each[2] or "0"))
        * {"k€": 1_000, "m€": 1_000_000}.get(each[3], 1)
        for each in _AMOUNT.finditer(said)
        if not _ONE_LOT.search(each[0])
    }
    return found.pop() if len(found) == 1 else None


def _deadline(said: str) -> date | None:
    found = _DEADLINE.search(said)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
