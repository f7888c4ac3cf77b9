"""Entreprises adaptées: the ASP's EA2 file, and lists that regions keep."""

from importers.rows import Source
from importers.sources.ea.door import read

__all__ = ["SOURCE", "read"]

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
