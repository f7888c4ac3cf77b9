"""What a contract states beside who, what and how much: considerations, duration, technique."""

from datetime import date
from typing import Any

from annuaire.contracts.records import NONE_DECLARED, CodeField, TextField
from importers.sources.decp.changes import State
from importers.sources.decp.values import number, text, words, yes

CONSIDERATIONS = ("considerationsSociales", "considerationsEnvironnementales")


def codes_of(record: dict[str, Any]) -> tuple[CodeField, ...]:
    """What the buyer declared of social and environmental considerations, each value apart; « pas
    de considération » proves no clause, and may contradict the object."""
    return tuple(
        CodeField(field, value) for field in CONSIDERATIONS for value in words(record.get(field))
    )


def _euros(amount: float | None) -> str:
    return f"{amount:,.2f} € HT".replace(",", " ").replace(".", ",") if amount else ""


def _none_declared(record: dict[str, Any], field: str) -> bool:
    """Whether the buyer says that there is none, and neither nothing nor something."""
    said = [value.casefold() for value in words(record.get(field))]
    return bool(said) and all(value.startswith(("pas de", "sans", "aucun")) for value in said)


def facts_of(
    record: dict[str, Any], granted: bool, notified: date, award: State
) -> tuple[TextField, ...]:
    """What has no field of its own, in the words of the page; the amount of the award, where the
    lot shows a later one."""
    framework, offers = text(record.get("idAccordCadre")), number(record.get("offresRecues"))
    facts = (
        ("Nature", text(record.get("nature"))),
        ("Signé le" if granted else "Notifié le", f"{notified:%d/%m/%Y}"),
        ("Montant à l'attribution", _euros(award.amount)),
        ("Durée", f"{award.months} mois" if award.months else ""),
        ("Technique d'achat", ", ".join(words(record.get("techniques")))),
        ("Modalité d'exécution", ", ".join(words(record.get("modalitesExecution")))),
        ("Accord-cadre de référence", framework),
        ("Offres reçues", f"{offers:.0f}" if offers and offers < 10_000 else ""),
        ("Marché innovant", "oui" if yes(record.get("marcheInnovant")) else ""),
    )
    lines = [f"{name} : {value}." for name, value in facts if value]
    lines += [
        f"Considérations {kind} {NONE_DECLARED}"
        for kind, field in zip(("sociales", "environnementales"), CONSIDERATIONS, strict=True)
        if _none_declared(record, field)
    ]
    return (TextField("essential", "\n".join(lines)),)
