"""What a correction changes and why a notice is cancelled, as texts.

Schema v230 and its followers: `RECTIF.MODIFICATION` (the place, the lot, what is read, what is to
be read, added or deleted), `RECTIF.INFO_COMPLEMENTAIRE`, `ANNULATION.MOTIF`. eForms: `efac:Changes`
(BT-13716 the parts changed, BT-141 how, BT-140 and BT-762 why).
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from annuaire.contracts.records import TextField
from importers.sources.boamp.eforms_keys import EXTENSION
from importers.sources.boamp.eforms_results import lot_number
from importers.sources.boamp.tree import every, first, lines, moment, raw

FIELD: Final = "correction"
CANCELS: Final = frozenset({"cancel", "cancel-intent"})  # BT-140, why a notice was changed

_PLACES = ("modification", "modifications", "rectification", "rectifications")
_LABELS = (  # elements of a modification, with keys in lower case, and the words for each
    ("rubinit", "Rubrique"),
    ("lot", "Lot"),
    ("apresmention", "Après"),
    ("txtinit", "Au lieu de"),
    ("lire", "Lire"),
    ("ajouter", "Ajouter"),
    ("supprimer", "Supprimer"),
)
_PAIRS = (("init", "Au lieu de"), ("lire", "Lire"))  # within `texte`, `date`


def correction_text(node: Any, cancelled: Any = None) -> str | None:
    """What a correction and a cancellation say, a change a line; keys as `v230.normal` makes
    them."""
    said = [*_changes(node), lines(node, "infocomplementaire"), lines(cancelled, "motif")]
    return "\n".join(dict.fromkeys(text for text in said if text)) or None


def _changes(node: Any) -> Iterator[str]:
    for place in _PLACES:
        for change in every(node, place):
            nested = [inner for name in _PLACES for inner in every(change, name)]
            for each in nested or [change]:
                yield _change(each)


def _change(change: Any) -> str:
    said = [(label, lines(change, name)) for name, label in _LABELS]
    said += [(label, lines(change, part, name)) for part in ("texte", "date")
             for name, label in _PAIRS]  # fmt: skip
    return ". ".join(f"{label} : {text.rstrip('.')}" for label, text in said if text)


def new_deadline(node: Any) -> datetime | None:
    """The deadline that a correction gives, where it names it (« Date limite de remise des
    offres »); keys as for `correction_text`."""
    for place in _PLACES:
        for change in every(node, place):
            named = f"{lines(change, 'rubinit')} {lines(change, 'apresmention')}".casefold()
            if "date limite" in named and "ouverture" not in named:
                told = first(change, "date", "lire") or first(change, "lire")
                if found := moment(raw(told).strip()):
                    return found
    return None


def changed_lots(notice: Any) -> tuple[str, ...]:
    """The lots that a change notice of eForms cancels: where its reason is a cancellation, and it
    names nothing else as changed."""
    changes = every(notice, *EXTENSION, "efac:Changes")
    if not is_cancelled(changes):
        return ()
    parts = [part for change in every(changes, "efac:Change") for part in _parts(change)]
    named = all(part.upper().startswith("LOT-") for part in parts)
    return tuple(dict.fromkeys(map(lot_number, parts))) if parts and named else ()


def is_cancelled(changes: Any) -> bool:
    """Whether `efac:Changes` say that something is cancelled (BT-140)."""
    reasons = every(changes, "efac:ChangeReason", "cbc:ReasonCode")
    reasons += every(changes, "efac:Change", "efac:ChangeReason", "cbc:ReasonCode")
    return any(raw(leaf) in CANCELS for leaf in reasons)


def change_texts(notice: Any) -> Iterator[TextField]:
    """How a change notice of eForms says what it changes (BT-141), of the lot where it is of one;
    and why (BT-762)."""
    for changes in every(notice, *EXTENSION, "efac:Changes"):
        for change in every(changes, "efac:Change"):
            if text := lines(change, "efbc:ChangeDescription"):
                parts = [part for part in _parts(change) if part.upper().startswith("LOT-")]
                yield TextField(FIELD, text, lot_number(parts[0]) if len(parts) == 1 else None)
        if why := lines(changes, "efac:ChangeReason", "efbc:ReasonDescription"):
            yield TextField(FIELD, why)


def _parts(change: Any) -> list[str]:
    """The identifiers of the parts that changed, in the two places where they are written."""
    nested = every(change, "efac:ChangedSection", "efbc:ChangedSectionIdentifier")
    found = nested or every(change, "efbc:ChangedSectionIdentifier")
    return [text for leaf in found if (text := raw(leaf).strip())]
