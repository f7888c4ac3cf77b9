"""Entreprises adaptées: the ASP's EA2 file, and lists that regions keep."""

from importers.rows import Source
from importers.sources.ea.door import read

__all__ = ["BY_HAND", "SOURCE", "read"]

SOURCE = Source(
    name="ea",
    title="Entreprises adaptées et entreprises adaptées de travail temporaire",
    publisher="Agence de services et de paiement (ASP), directions régionales (DREETS)",
    licence="Flux transmis sous convention par l'ASP ; listes régionales : données publiques",
    address="https://www.asp.gouv.fr",
    frequency="hebdomadaire",
    formats=("zip", "txt", "xlsx", "ods", "csv"),
    minimum_rows=500,
    may_lose=0.15,
)

BY_HAND = (
    "La liste des entreprises adaptées n'est pas publiée en fichier ouvert : le flux EA2 est remis "
    "par l'ASP sous convention, et des DREETS publient une liste régionale. Lancez « annuaire "
    "import ea FICHIER » (ANNUAIRE_EA2_PASSWORD pour l'archive de l'ASP). FINESS, ancien et "
    "incomplet, se télécharge : « annuaire import ea_finess --download »."
)
