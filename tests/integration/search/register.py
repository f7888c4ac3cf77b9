"""A small register of invented structures and contracts, enough to say what must be found."""

from collections.abc import Callable
from typing import Any

from annuaire.activities.cpv_search import beginnings
from annuaire.geo.areas import ServiceArea, marks_of

Find = Callable[..., list[str]]  # the identifiers that a query finds, in order

GENERATED = 2_000  # structures of the generated register
GENERATED_SEED = 11

SYNONYMS = {
    "espaces verts": ("jardinage", "paysagiste", "entretien de jardins"),
    "jardinage": ("espaces verts", "paysagiste"),
    "paysagiste": ("espaces verts", "jardinage"),
    "esat": ("établissement et service d'aide par le travail",),
    "btp": ("bâtiment", "travaux publics"),
    "ménage": ("nettoyage",),
}

PLACES: dict[str, tuple[str, str, str, str, float, float]] = {
    "Lyon": ("69003", "69", "Rhône", "84", 45.757, 4.855),
    "Villeurbanne": ("69100", "69", "Rhône", "84", 45.771, 4.880),
    "Lille": ("59000", "59", "Nord", "32", 50.633, 3.058),
    "Roubaix": ("59100", "59", "Nord", "32", 50.692, 3.174),
    "Dunkerque": ("59140", "59", "Nord", "32", 51.034, 2.377),
    "Saint-Étienne": ("42000", "42", "Loire", "84", 45.434, 4.390),
    "Ajaccio": ("20090", "2A", "Corse-du-Sud", "94", 41.927, 8.735),
    "Saint-Denis": ("97400", "974", "La Réunion", "04", -20.882, 55.450),
    "Mata-Utu": ("98600", "986", "Wallis-et-Futuna", "", -13.282, -176.174),
}

_STRUCTURES: list[tuple[str, str, str, str, list[str], list[str], str]] = [
    # id, name, city, kind, activity codes, their words, description
    ("1", "Clair Propreté", "Lyon", "EI", ["nettoyage"], ["nettoyage de locaux"],
     "L’entretien des bureaux et des écoles."),
    ("2", "Net Plus", "Lille", "EA", ["nettoyage"], ["nettoyage de locaux", "vitrerie"], ""),
    ("3", "Vert Demain", "Lille", "ACI", ["espaces-verts"], ["espaces verts"],
     "Tonte, taille de haies et élagage."),
    ("4", "Les Jardins du Rhône", "Villeurbanne", "ACI", ["espaces-verts"], ["jardinage"], ""),
    ("5", "Paysages d’Avenir", "Saint-Étienne", "EI", ["espaces-verts"], ["paysagiste"], ""),
    ("6", "Blanchisserie du Littoral", "Dunkerque", "ESAT", ["blanchisserie"],
     ["blanchisserie", "lavage de linge"], "Location de linge plat."),
    ("7", "Le Linge Blanc", "Roubaix", "EA", ["blanchisserie"], ["blanchisserie"], ""),
    ("8", "La Table Ronde", "Lyon", "ESAT", ["traiteur"], ["traiteur", "restauration"],
     "Buffets ; ancienne blanchisserie réhabilitée."),
    ("9", "Bâtir Ensemble", "Lille", "EI", ["maconnerie"], ["maçonnerie", "bâtiment"],
     "Rénovation de bâtiments anciens."),
    ("10", "Main d’Œuvre Corse", "Ajaccio", "ETTI", ["interim"], ["intérim d’insertion"], ""),
    ("11", "Péi Recyclage", "Saint-Denis", "EI", ["recyclage"], ["recyclage de déchets"], ""),
    ("12", "Fenua Services", "Mata-Utu", "EI", ["recyclage"], ["recyclage de déchets"], ""),
    ("13", "Lyon Services", "Lille", "AI", ["menage"], ["ménage à domicile"], ""),
    ("14", "Sans Adresse", "", "EI", ["numerisation"], ["numérisation de documents"], ""),
    ("15", "Numéris Étude <b>&amp;</b> Fils", "Roubaix", "EA", ["numerisation"],
     ["numérisation de documents"], 'Un "guillemet", un \\ et une <balise>.'),
]  # fmt: skip

#: Where some declare to work, by id, and whether they co-contract.
AREAS = {
    "3": (ServiceArea(departements=("62",), communes=("59350",)), "oui"),
    "8": (ServiceArea(country=True), "oui"),
    "5": (ServiceArea(radius_km=60), "non"),
}

#: Names that sources choose freely, with the signs that people write, by id.
NETWORKS = {
    "1": ["Réseau des salarié·es n° 1"],
    "2": ["« Les Essais », d’ici & d'ailleurs (60 €)"],
    "15": ['a\\b "c" OR id EXISTS'],
}

LABELS = {"ESAT": "établissement et service d’aide par le travail"}


def structures() -> list[dict[str, Any]]:
    """The structures, as the index takes them."""
    return [_structure(*row) for row in _STRUCTURES]


def _structure(
    key: str, name: str, city: str, kind: str, codes: list[str], words: list[str], said: str
) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": key,
        "siret": f"8000000{int(key):02d}00015",
        "name": name,
        "kinds": [kind],
        "status_words": [LABELS.get(kind, kind)],
        "activities": codes,
        "activity_words": words,
        "description": said,
        "completeness": 0.5,
        "active": "oui",
        "networks": NETWORKS.get(key, []),
        "_stored": {"name": name, "city": city},
    }
    if city:
        postcode, departement, called, region, lat, lon = PLACES[city]
        document |= {
            "city": city, "postcode": postcode, "departement": departement, "region": region,
            "place_words": [called], "lat": lat, "lon": lon,
        }  # fmt: skip
        if key in AREAS:
            area, cocontract = AREAS[key]
            marks = marks_of(area, (lat, lon))
            document |= {
                "serves": list(marks.serves), "served": list(marks.departements),
                "cocontract": cocontract,
            }  # fmt: skip
    return document


#: id, title, lots, buyer, city, published, deadline, amount, state, hours, CPV, clauses
_CONTRACTS: list[tuple[Any, ...]] = [
    ("101", "Entretien des espaces verts communaux", ["Tonte", "Élagage"], "Ville de Lille",
     "Lille", "2026-01-10", "2026-02-15", 80_000.0, "published", 420.0, "77310000",
     ["execution_insertion"]),
    ("102", "Nettoyage des locaux scolaires", [], "Ville de Lyon", "Lyon", "2026-01-12",
     "2026-02-01", 250_000.0, "published", None, "90911200", []),
    ("103", "Prestations de blanchisserie", ["Linge plat", "Vêtements de travail"],
     "Centre hospitalier de Dunkerque", "Dunkerque", "2025-11-02", "2025-12-05", 400_000.0,
     "published", 35.0, None, ["reserved_siae", "environment"]),
    ("104", "Travaux de rénovation du gymnase", ["Nettoyage de chantier"], "Ville de Roubaix",
     "Roubaix", "2026-01-12", "", None, "awarded", None, None, []),
]  # fmt: skip

BUYERS = {
    "Ville de Lille": "21590350100017",
    "Ville de Lyon": "ville de lyon|69003",
    "Centre hospitalier de Dunkerque": "centre hospitalier de dunkerque|59140",
    "Ville de Roubaix": "ville de roubaix|59100",
}


def contracts() -> list[dict[str, Any]]:
    """The contracts, as the index takes them."""
    return [_contract(*row) for row in _CONTRACTS]


def _contract(
    key: str, title: str, lots: list[str], buyer: str, city: str, published: str, deadline: str,
    amount: float | None, state: str, hours: float | None, cpv: str | None, clauses: list[str],
) -> dict[str, Any]:  # fmt: skip
    postcode, departement, called, region, lat, lon = PLACES[city]
    document = {
        "id": key, "title": title, "lot_titles": lots, "buyer": buyer, "city": city,
        "postcode": postcode, "departements": [departement], "regions": [region],
        "place_words": [called], "published": published, "deadline": deadline or None,
        "amount": amount, "amount_known": "oui" if amount else "non", "hours": hours,
        "social": "oui" if key in ("101", "103") else "non",
        "environment": "oui" if "environment" in clauses else "non",
        "clause_types": clauses, "reserved": ["siae", "oui"] if key == "103" else [],
        "state": state, "cpv": beginnings(cpv), "reference": f"boamp-26-{key}",
        "buyer_key": BUYERS[buyer], "buyer_ids": [BUYERS[buyer], BUYERS[buyer][:9], buyer.lower()],
        "buyer_named": f"{BUYERS[buyer]}\t{buyer}",
        "allotted": "oui" if len(lots) > 1 else "non",
        "placed": "commune" if key != "104" else "non",
        "_stored": {"title": title, "buyer": buyer},
    }  # fmt: skip
    if key != "104":
        document |= {"lat": lat, "lon": lon}
    return {name: value for name, value in document.items() if value is not None}
