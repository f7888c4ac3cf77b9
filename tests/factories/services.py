"""Two public services as they answer: the companies' search, and le marché's list."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.factories.publisher import Asked, Reply, json_reply

SEARCH = "https://recherche-entreprises.api.gouv.fr/search"
LIST = "https://lemarche.inclusion.gouv.fr/api/siae/"


def office(siret: str, **changes: Any) -> dict[str, Any]:
    """An establishment as the search service writes it: an open head office in Lille."""
    return {
        "activite_principale": "81.21Z",
        "activite_principale_naf25": "81.21Y",
        "adresse": "12 RUE DES ESSAIS 59000 LILLE",
        "caractere_employeur": "O",
        "code_postal": "59000",
        "commune": "59350",
        "date_creation": "2001-01-01",
        "date_fermeture": None,
        "est_siege": True,
        "etat_administratif": "A",
        "geo_id": None,
        "latitude": "50.632",
        "libelle_commune": "LILLE",
        "liste_enseignes": ["ATELIER DU SPECIMEN"],
        "liste_finess": None,
        "longitude": "3.06",
        "nom_commercial": None,
        "siret": siret,
        "statut_diffusion_etablissement": "O",
        "tranche_effectif_salarie": "11",
    } | changes


def company(*offices: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A company: an association of the ESS whose head office is the first of its
    establishments."""
    return {
        "siren": offices[0]["siret"][:9],
        "nom_complet": "ASSOCIATION DU SPECIMEN (ADS)",
        "nom_raison_sociale": "ASSOCIATION DU SPECIMEN",
        "sigle": "ADS",
        "nature_juridique": "9220",
        "categorie_entreprise": "PME",
        "etat_administratif": "A",
        "date_fermeture": None,
        "statut_diffusion": "O",
        "tranche_effectif_salarie": "12",
        "siege": offices[0],
        "establishments": offices,
        "complements": {
            "est_association": True,
            "est_entrepreneur_individuel": False,
            "est_ess": True,
            "est_siae": True,
            "type_siae": "['EI']",
            "liste_finess_juridique": None,
        },
    } | changes


class SearchService:
    """The search service over some companies: SIREN, SIRET and FINESS as it takes them.

    `before` are given in their turn in place of answers: limits, cuts, broken answers.
    """

    def __init__(self, *companies: Mapping[str, Any]) -> None:
        self.companies = list(companies)
        self.before: list[Reply | None] = []
        self.asked: list[str] = []

    def __call__(self, asked: Asked) -> Reply:
        number = asked.query.get("q", "")
        finess = asked.query.get("id_finess", "")
        self.asked.append(number or f"finess:{finess}")
        if self.before and (reply := self.before.pop(0)):
            return reply
        if finess:
            return _page([_shown(c, _with_finess(c, finess)) for c in self.companies])
        if len(number) not in (9, 14) or not number.isdigit():
            return json_reply({"erreur": "3 caractères minimum pour les termes de la requête"}, 400)
        matching = [c for c in self.companies if c["siren"] == number[:9]]
        if len(number) == 9:
            return _page([_shown(c, ()) for c in matching])
        return _page([
            _shown(c, found)
            for c in matching
            if (found := [e for e in c["establishments"] if e["siret"] == number])
        ])  # fmt: skip


def _with_finess(one: Mapping[str, Any], finess: str) -> list[Mapping[str, Any]]:
    return [e for e in one["establishments"] if finess in (e["liste_finess"] or [])]


def _shown(one: Mapping[str, Any], matching: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    shown = {name: value for name, value in one.items() if name != "establishments"}
    return shown | {"matching_etablissements": list(matching)}


def _page(results: list[dict[str, Any]]) -> Reply:
    total = len(results)
    return json_reply(
        {"results": results, "total_results": total, "page": 1, "per_page": 10, "total_pages": 1}
    )


def market_item(number: int, siret: str, kind: str = "EA", **changes: Any) -> dict[str, Any]:
    """A structure of le marché: an entreprise adaptée of Lille that cleans."""
    return {
        "id": number,
        "name": f"STRUCTURE D'ESSAI {number}",
        "brand": "",
        "slug": f"structure-d-essai-{number}",
        "siret": siret,
        "nature": "HEAD_OFFICE",
        "kind": kind,
        "kind_parent": "Handicap",
        "contact_website": "https://essai.example",
        "address": "1 rue des Essais",
        "city": "Lille",
        "post_code": "59000",
        "department": "59",
        "region": "Hauts-de-France",
        "is_qpv": False,
        "is_active": True,
        "sectors": [{"name": "Nettoyage de locaux", "slug": "nettoyage-de-locaux"}],
        "presta_types": ["PREST", "DISP"],
        "networks": [{"name": "Réseau du Spécimen", "slug": "reseau", "website": ""}],
        "offers": [{"name": "Nettoyage", "description": "Bureaux et ateliers."}],
        "client_references": [{"name": "Ville d'essai", "description": "", "logo_url": ""}],
        "labels_old": [{"name": "Label d'essai"}],
        "created_at": "2021-10-28T11:55:50.917Z",
        "updated_at": "2026-09-01T11:55:50.929Z",
    } | changes


class MarketService:
    """The list of le marché, by limit and offset, for those who have the token."""

    def __init__(self, items: Sequence[Mapping[str, Any]], token: str = "jeton") -> None:  # noqa: S107
        self.items = list(items)
        self.token = token
        self.cut_at: int | None = None  # the offset from which the service answers 500

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization") != f"Bearer {self.token}":
            return json_reply({"detail": "Contexte d'authentification incorrect"}, 401)
        limit, offset = int(asked.query["limit"]), int(asked.query["offset"])
        if self.cut_at is not None and offset >= self.cut_at:
            return json_reply({}, 500)
        page = self.items[offset : offset + limit]
        following = offset + limit < len(self.items)
        return json_reply(
            {
                "count": len(self.items),
                "next": f"{LIST}?limit={limit}&offset={offset + limit}" if following else None,
                "previous": None,
                "results": page,
            }
        )
