"""The fields of a structure in French, and what a person may decide of each."""

from collections.abc import Iterable
from typing import Final

#: Every field that a page shows, in its order. Codes that only say a shown value again (INSEE
#: code, département) and the parts of a point are said by the one that stands for them.
LABELS: Final = {
    "name": "nom",
    "brand": "nom d'usage",
    "address": "adresse",
    "postcode": "code postal",
    "city": "commune",
    "lat": "position",
    "phone": "téléphone",
    "email": "courriel",
    "website": "site",
    "description": "présentation",
    "legal_form": "forme juridique",
    "naf": "activité principale (code NAF)",
    "employees_range": "effectif",
    "finess": "numéro FINESS",
    "head_office": "siège de l'entreprise",
    "ess": "entreprise de l'économie sociale et solidaire",
}
STATUS_LABEL: Final = "statut"

#: What the structure or a moderator may correct. Numbers and statuses are their publishers' own.
EDITABLE: Final = (
    "name", "brand", "address", "postcode", "city", "website", "phone", "email", "description",
    "legal_form", "employees_range",
)  # fmt: skip
IDENTITY: Final = frozenset({"siret", "siren", "finess", "key", "kind", "status", "statuses"})

#: What may be shown no more, with what goes with it: a point gives an address away.
HIDEABLE: Final = {
    "brand": ("brand",),
    "address": ("address",),
    "lat": ("lat", "lon", "geo_precision"),
    "phone": ("phone",),
    "email": ("email",),
    "website": ("website",),
    "description": ("description",),
    "legal_form": ("legal_form",),
    "employees_range": ("employees_range",),
}


def labels_of(names: Iterable[str]) -> str:
    """« adresse (address), téléphone (phone) »: fields as a command names them."""
    return ", ".join(f"{name} ({LABELS[name]})" for name in names)
