"""Answers of the service as records: one company a result, its head office, what matched.

Names of natural persons (sole traders) are not kept; what is diffused in part only (P) gives
neither name nor address.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from annuaire.structures.records import Known, StructureRecord
from importers.files.fields import (
    Warnings,
    clean,
    read_date,
    read_naf,
    read_siret,
    read_text,
)
from importers.rows import InvalidRow, Warned
from importers.sources.recherche_entreprises.place import read_place
from importers.sources.recherche_entreprises.values import Json, listed, objects, text
from importers.sources.sirene.columns import EMPLOYEES

_SIREN = 9
_OPEN = {"A": True, "F": False, "C": False}  # C: a company that has ceased
#: Facts kept as the service names them, when it says yes.
FACTS = (
    "est_achats_responsables", "est_association", "est_bio", "est_ess", "est_finess",
    "est_organisme_formation", "est_qualiopi", "est_rge", "est_siae", "est_societe_mission",
)  # fmt: skip


def answer_of(number: str, answer: Any, warnings: Warnings) -> StructureRecord | None:
    """What an answer says of the number asked about; None when it does not know it.

    Raises InvalidRow for what is no answer of the service.
    """
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        message = f"La réponse pour {number} n'a pas de liste « results »."
        raise InvalidRow("results", "json", message)
    results = objects(answer, "results")
    kind, _, bare = number.rpartition(":")
    if kind == "finess":
        return _of_finess(bare, results, warnings)
    known = Known(companies=frozenset({bare})) if kind == "siren" else Known(frozenset({bare}))
    found = (record for result in results for record in of_result(result, known, warnings))
    return next(found, None)


def of_result(result: Any, known: Known, warnings: Warnings) -> list[StructureRecord]:
    """The known establishments of one company, then the company if it is known alone.

    Raises InvalidRow for what is no result of the service.
    """
    if not isinstance(result, dict) or len(siren := text(result.get("siren"))) != _SIREN:
        raise InvalidRow("siren", "json", "Un résultat doit être un objet avec un SIREN.")
    records = [
        _record(result, place, siret, None, warnings)
        for siret, place in _establishments(result).items()
        if siret in known.sirets and siret.startswith(siren)
    ]
    if siren in known.companies:
        office = result.get("siege")
        place = office if isinstance(office, dict) else {}
        records.append(_record(result, place, None, siren, warnings))
    return records


def _of_finess(finess: str, results: list[Json], warnings: Warnings) -> StructureRecord | None:
    """The one establishment that carries a FINESS number, the open one if others are closed."""
    found = {
        siret: (result, place)
        for result in results
        for siret, place in _establishments(result).items()
        if finess in listed(place, "liste_finess")
    }
    living = {s: one for s, one in found.items() if text(one[1].get("etat_administratif")) == "A"}
    chosen = living or found
    if len(chosen) > 1:
        message = (
            f"Plusieurs SIRET portent le numéro FINESS {finess} ({', '.join(sorted(chosen))}) : "
            "aucun n'est pris."
        )
        warnings.append(Warned("liste_finess", "ambigu", message))
        return None
    for siret, (result, place) in chosen.items():
        read_siret(siret, "siret", warnings)
        return _record(result, place, siret, None, warnings, finess)
    return None


def _establishments(result: Json) -> dict[str, Json]:
    """What matched, then the head office, each by its SIRET."""
    office = result.get("siege")
    found = [*objects(result, "matching_etablissements")]
    found += [office | {"est_siege": True}] if isinstance(office, dict) else []
    return {siret: place for place in reversed(found) if (siret := text(place.get("siret")))}


def _record(
    result: Json,
    establishment: Json,
    siret: str | None,
    siren: str | None,
    warnings: Warnings,
    finess: str | None = None,
) -> StructureRecord:
    state = result if siren else establishment
    is_open = _OPEN.get(text(state.get("etat_administratif")))
    diffused = "P" not in (
        text(result.get("statut_diffusion")),
        text(establishment.get("statut_diffusion_etablissement")),
    )
    place = read_place(establishment, warnings) if diffused else None
    numbers = listed(establishment, "liste_finess")
    complements = result.get("complements")
    facts = complements if isinstance(complements, dict) else {}
    size = text(establishment.get("tranche_effectif_salarie"))
    office = establishment.get("est_siege")
    return StructureRecord(
        source_key=siret or f"siren:{siren}",
        name=_name(result, facts, warnings) if diffused else "",
        statuses=(),
        siret=siret,
        siren=siren,
        finess=finess or (numbers[0] if len(numbers) == 1 else None),
        brand=_brand(establishment, warnings) if diffused else None,
        address=place.address if place else None,
        postcode=place.postcode if place else None,
        city=place.city if place else None,
        code_insee=place.code_insee if place else None,
        departement=place.departement if place else None,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        geo_precision=place.precision if place else None,
        naf=read_naf(
            text(establishment.get("activite_principale")), "activite_principale", warnings
        ),
        employees_range=EMPLOYEES.get(size) if is_open else None,
        open=is_open,
        closed_on=_day(state.get("date_fermeture"), warnings) if is_open is False else None,
        head_office=office if isinstance(office, bool) and siret else None,
        ess=True if facts.get("est_ess") is True else None,
        extra=dict(_extra(result, facts, numbers)),
    )


def _name(result: Json, facts: Json, warnings: Warnings) -> str:
    """The company's name; empty for a natural person (legal categories 1…)."""
    category = text(result.get("nature_juridique"))
    if facts.get("est_entrepreneur_individuel") is not False or category[:1] in ("", "1"):
        return ""
    name = text(result.get("nom_raison_sociale"))
    return read_text(name, "nom_raison_sociale", 255, warnings) or ""


def _brand(establishment: Json, warnings: Warnings) -> str | None:
    signs = listed(establishment, "liste_enseignes")
    sign = next(iter(signs), "") or text(establishment.get("nom_commercial"))
    return read_text(sign, "liste_enseignes", 255, warnings)


def _day(value: Any, warnings: Warnings) -> date | None:
    return read_date(text(value), "date_fermeture", warnings)


def _extra(result: Json, facts: Json, finess: list[str]) -> Iterator[tuple[str, str]]:
    told = {
        "categorie_juridique": text(result.get("nature_juridique")),
        "categorie_entreprise": text(result.get("categorie_entreprise")),
        "siren_conserve": text(result.get("siren_conserve")),
        "type_siae": text(facts.get("type_siae")),
        "liste_finess": ", ".join(sorted(finess)),
        "complements": ", ".join(name for name in FACTS if facts.get(name) is True),
    }
    yield from ((name, clean(value)[:200]) for name, value in told.items() if clean(value))
