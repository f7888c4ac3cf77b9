"""What a profile may hold: its subjects, one a page, and their fields; pure."""

from dataclasses import dataclass
from typing import Final

#: The pages on which a profile is edited, in their order.
SUBJECTS: Final = {
    "presentation": "Présentation",
    "activites": "Activités et offres",
    "zone": "Zone d’intervention",
    "moyens": "Capacités et conditions",
    "references": "Références",
    "qualifications": "Qualifications, labels et réseaux",
    "contacts": "Contacts",
    "photos": "Logo et photos",
}
WAYS: Final = {
    "service": "prestation de services",
    "goods": "vente de biens",
    "lent": "mise à disposition de personnel",
}
YES_NO: Final = {"oui": "oui", "non": "non"}
QUALIFICATIONS: Final = {"qualification": "qualification", "label": "label"}

#: How long a word on availability is believed; as in `matching.told`, which a test compares.
AVAILABILITY_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a profile. `register` is the column of the structure that it says too: the
    record of the source `profil` (annuaire/profiles/register.py)."""

    name: str
    subject: str
    label: str
    register: str | None = None


FIELDS: Final = (
    Field("brand", "presentation", "nom d’usage", "brand"),
    Field("description", "presentation", "présentation", "description"),
    Field("ways", "presentation", "façons de travailler"),
    Field("accessibility", "presentation", "accessibilité"),
    Field("activities", "activites", "activités", "declared_activities"),
    Field("offers", "activites", "offres"),
    Field("area", "zone", "zone d’intervention"),
    Field("people", "moyens", "personnes mobilisables"),
    Field("teams", "moyens", "équipes"),
    Field("machines", "moyens", "matériel et locaux"),
    Field("delay_days", "moyens", "délai pour démarrer"),
    Field("available", "moyens", "disponible"),
    Field("available_on", "moyens", "disponibilité dite le"),
    Field("amount_min", "moyens", "montant le plus petit"),
    Field("amount_max", "moyens", "montant le plus grand"),
    Field("cocontract", "moyens", "co-traitance"),
    Field("partners", "moyens", "avec qui co-traiter"),
    Field("references", "references", "références"),
    Field("qualifications", "qualifications", "qualifications et labels"),
    Field("networks", "qualifications", "réseaux"),
    Field("phone", "contacts", "téléphone", "phone"),
    Field("email", "contacts", "courriel", "email"),
    Field("website", "contacts", "site", "website"),
    Field("contacts", "contacts", "personnes à contacter"),
    Field("logo", "photos", "logo"),
    Field("photos", "photos", "photos"),
)
BY_NAME: Final = {field.name: field for field in FIELDS}


def fields_of(subject: str) -> tuple[Field, ...]:
    """The fields of a page."""
    return tuple(field for field in FIELDS if field.subject == subject)
