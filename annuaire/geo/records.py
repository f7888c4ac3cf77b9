"""What the gazetteer holds. Codes are INSEE's (COG 2026), coordinates WGS84 degrees."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, or an arrondissement of Paris, Lyon or Marseille (then `city` is the commune).

    `lat` and `lon` are None for a few remote overseas communes. `epci` and `ept` are SIREN;
    `ept` is the établissement public territorial within the Métropole du Grand Paris.
    """

    code: str
    name: str
    city: str | None
    postcodes: tuple[str, ...]
    departement: str
    epci: str | None
    ept: str | None
    population: int
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Epci:
    """An EPCI with own taxation (`kind` CC, CA, CU, METRO, MET69) or an EPT of Grand Paris."""

    siren: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Departement:
    """A département or overseas collectivity, with the box that holds it."""

    code: str
    name: str
    region: str
    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Region:
    """A région, or an overseas collectivity that has the rank of one."""

    code: str
    name: str
