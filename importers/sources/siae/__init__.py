"""The directory of SIAE: le marché's CSV, les emplois, data.inclusion, the ASP's pair, FFGEIQ."""

from importers.sources.siae.asp import read_pair
from importers.sources.siae.door import read
from importers.sources.siae.download import DOWNLOAD
from importers.sources.siae.geiq import read_geiq

__all__ = ["DOWNLOAD", "GEIQ_BY_HAND", "read", "read_geiq", "read_pair"]


GEIQ_BY_HAND = (
    "La liste des GEIQ n'est pas publiée en fichier ouvert : demandez-la à la Fédération française "
    "des GEIQ (https://www.lesgeiq.fr), puis lancez « annuaire import geiq FICHIER »."
)
