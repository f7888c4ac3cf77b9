"""The gazetteer in memory: read once, at the first question."""

import csv
import gzip
import io
from collections.abc import Iterator
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from sys import intern

from annuaire.geo.names import name_key, without_article
from annuaire.geo.records import Commune, Departement, Epci, Region


class Gazetteer:
    """Communes, EPCI, départements and régions by code and postcode."""

    def __init__(
        self,
        communes: list[Commune],
        epci: list[Epci],
        departements: list[Departement],
        regions: list[Region],
        former: list[tuple[str, str, str]],
    ) -> None:
        self.communes = tuple(c for c in communes if c.city is None)
        self.arrondissements = tuple(c for c in communes if c.city is not None)
        self.epcis = tuple(epci)
        self.departements = tuple(departements)
        self.regions = tuple(regions)
        self._communes = {c.code: c for c in communes}
        self._former = former
        self._epci = {e.siren: e for e in epci}
        self._departements = {d.code: d for d in departements}
        self._regions = {r.code: r for r in regions}

    def commune(self, code_insee: str) -> Commune | None:
        """The commune or arrondissement of this code; today's for the code of a merged one."""
        code = code_insee.strip().upper()
        return self._communes.get(code) or self._communes.get(self._current_codes.get(code, ""))

    def communes_by_postcode(self, postcode: str) -> tuple[Commune, ...]:
        """The communes that a postcode serves, most populated first; no arrondissements."""
        return self._by_postcode.get(postcode.strip(), ())

    def arrondissement_by_postcode(self, postcode: str) -> Commune | None:
        """The arrondissement of Paris, Lyon or Marseille that alone has this postcode."""
        return self._arrondissement_by_postcode.get(postcode.strip())

    def precise(self, commune: Commune, postcode: str | None) -> Commune:
        """The commune, or its arrondissement when the postcode tells which."""
        part = self.arrondissement_by_postcode(postcode) if postcode else None
        return part if part and part.city == commune.code else commune

    def centre_of(
        self, commune: Commune, postcode: str | None = None
    ) -> tuple[float, float] | None:
        """(lat, lon) of a commune, of its arrondissement when the postcode tells which."""
        place = self.precise(commune, postcode)
        return None if place.lat is None or place.lon is None else (place.lat, place.lon)

    def epci(self, siren: str) -> Epci | None:
        return self._epci.get(siren.strip())

    def departement(self, code: str) -> Departement | None:
        return self._departements.get(code.strip().upper())

    def region(self, code: str) -> Region | None:
        return self._regions.get(code.strip())

    def communes_of_departement(self, code: str) -> tuple[Commune, ...]:
        return tuple(c for c in self.communes if c.departement == code)

    def communes_of_epci(self, siren: str) -> tuple[Commune, ...]:
        return self._by_epci.get(siren, ())

    def departements_of_region(self, code: str) -> tuple[Departement, ...]:
        return tuple(d for d in self.departements if d.region == code)

    def communes_named(self, key: str) -> tuple[Commune, ...]:
        """Today's communes whose `name_key` this is, with or without its article."""
        bare = without_article(key)
        return self._by_key.get(key) or self._by_bare_key.get(bare) or self._by_key.get(bare, ())

    def communes_formerly_named(self, key: str) -> tuple[Commune, ...]:
        """Today's communes into which one of this name was merged."""
        return self._by_former_key.get(key, ())

    @cached_property
    def _current_codes(self) -> dict[str, str]:
        return {old: now for old, _, now in self._former if old not in self._communes}

    @cached_property
    def _by_postcode(self) -> dict[str, tuple[Commune, ...]]:
        return _grouped((p, c) for c in self.communes for p in c.postcodes)

    @cached_property
    def _by_epci(self) -> dict[str, tuple[Commune, ...]]:
        return _grouped((siren, c) for c in self.communes for siren in (c.epci, c.ept) if siren)

    @cached_property
    def _arrondissement_by_postcode(self) -> dict[str, Commune]:
        grouped = _grouped((p, c) for c in self.arrondissements for p in c.postcodes)
        return {p: found[0] for p, found in grouped.items() if len(found) == 1}

    @cached_property
    def _by_key(self) -> dict[str, tuple[Commune, ...]]:
        return _grouped((name_key(c.name), c) for c in self.communes)

    @cached_property
    def _by_bare_key(self) -> dict[str, tuple[Commune, ...]]:
        """Communes by name without article, where some of that name have one."""
        bare = {k: without_article(k) for k in self._by_key}
        shortened = {short for k, short in bare.items() if short != k}
        return _grouped(
            (bare[k], c) for k, found in self._by_key.items() if bare[k] in shortened for c in found
        )

    @cached_property
    def _by_former_key(self) -> dict[str, tuple[Commune, ...]]:
        return _grouped(
            (name_key(name), self._communes[now]) for _, name, now in self._former if name
        )


def _grouped(pairs: Iterator[tuple[str, Commune]]) -> dict[str, tuple[Commune, ...]]:
    """Communes by key, the most populated first, each once."""
    groups: dict[str, dict[str, Commune]] = {}
    for key, commune in pairs:
        groups.setdefault(key, {})[commune.code] = commune
    return {
        key: tuple(sorted(found.values(), key=lambda c: (-c.population, c.code)))
        for key, found in groups.items()
    }


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of France, read from `data/` once per process."""
    return Gazetteer(
        communes=[_commune(row) for row in _rows("communes.csv.gz")],
        epci=[Epci(*row) for row in _rows("epci.csv")],
        departements=[
            Departement(code, name, region, float(south), float(west), float(north), float(east))
            for code, name, region, south, west, north, east in _rows("departements.csv")
        ],
        regions=[Region(*row) for row in _rows("regions.csv")],
        former=[(old, name, now) for old, name, now in _rows("former.csv.gz")],
    )


def data_bytes(name: str) -> bytes:
    """A data file of this package as it is."""
    return files("annuaire.geo").joinpath("data", name).read_bytes()


def _commune(row: list[str]) -> Commune:
    code, name, city, postcodes, departement, epci, ept, population, lat, lon = row
    return Commune(
        code,
        name,
        city or None,
        _postcodes(postcodes),
        intern(departement),
        intern(epci) or None,
        intern(ept) or None,
        int(population),
        float(lat) if lat else None,
        float(lon) if lon else None,
    )


@lru_cache(maxsize=100)
def _postcodes(cell: str) -> tuple[str, ...]:
    """The postcodes of a row: communes that follow one another often share theirs."""
    return tuple(map(intern, cell.split()))


def _rows(name: str) -> Iterator[list[str]]:
    data = data_bytes(name)
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    rows = csv.reader(io.StringIO(text, newline=""))
    next(rows)
    return rows
