"""Where an establishment is: its commune by code, its point if plausible, else the centre."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from annuaire.geo.gazetteer import (
    Commune,
    departement_of_postcode,
    find_commune,
    gazetteer,
    normalise_departement,
)
from annuaire.geo.outlines import check_coordinates
from importers.files.fields import Warnings, clean, read_text, shown
from importers.files.text import tidy
from importers.rows import InvalidRow, Warned

_LINE = re.compile(r"^(\d{5})\s+(\S.*)$", re.ASCII)
_CEDEX = re.compile(r"\s*\bCEDEX\b.*$", re.IGNORECASE)
_POSTCODE = re.compile(r"^\d{5}$", re.ASCII)
# Scores of the geocoder, of 100: from 95 the number is right, from 80 the street.
_NUMBER_SCORE, _STREET_SCORE = 95, 80

Degrees = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Locality:
    """A commune as an address has it; `postcode` is the commune's own, `cedex` the postal line."""

    commune: Commune | None
    departement: str
    postcode: str | None
    city: str | None
    cedex: str | None

    @property
    def centre(self) -> Degrees | None:
        """(lat, lon) of the commune."""
        return gazetteer().centre_of(self.commune, self.postcode) if self.commune else None


@dataclass(frozen=True, slots=True)
class Given:
    """A point as the file has it: `text` and `column` for a message, the points that it may
    mean, the likeliest first, and how precise it claims to be."""

    text: str
    column: str
    candidates: Iterable[Degrees]
    precision: str


@dataclass(frozen=True, slots=True)
class Place:
    """An address with its point, WGS84 degrees, and how precise that point is."""

    address: str | None
    postcode: str | None
    city: str | None
    code_insee: str | None
    departement: str
    cedex: str | None
    lat: float | None
    lon: float | None
    precision: str | None


def read_locality(
    code: str, line: str, postcode: str, departement: str, columns: tuple[str, str],
    warnings: Warnings,
) -> Locality:  # fmt: skip
    """The commune of an INSEE code, or of the postal line when the code is unknown.

    `columns` name the code and the postal line. Raises InvalidRow when even the département
    cannot be known.
    """
    match = _LINE.match(clean(line))
    postcode = postcode.strip() or (match[1] if match else "")
    city = tidy(match[2] if match else line)[:100]
    name = _CEDEX.sub("", city)
    commune = gazetteer().commune(code) if code else None
    if commune is None:
        commune = find_commune(name, postcode or None, departement or None) if name else None
        if code:
            message = f"Le code commune {shown(code)} est inconnu" + (
                f", {commune.code} est déduit de l'adresse." if commune else ", il est ignoré."
            )
            warnings.append(Warned(columns[0], "code_insee", message))
    found = commune.departement if commune else normalise_departement(departement, postcode)
    found = found or (departement_of_postcode(postcode, name) if postcode else None)
    if not found:
        raise InvalidRow(
            columns[1],
            "departement",
            f"Ni le code commune {shown(code)}, ni le département, ni l'adresse {shown(line)} "
            "ne disent où est l'établissement ; corrigez-les.",
        )
    cedex = clean(f"{postcode} {city}") if city != name else None
    own = (commune.postcodes if commune else ()) if cedex else (postcode,)
    kept = own[0] if len(own) == 1 and _POSTCODE.match(own[0]) else None
    town = gazetteer().commune(commune.city) if commune and commune.city else commune
    return Locality(commune, found, kept, town.name if town else name or None, cedex)


def locate(
    locality: Locality, address: str | None, given: Given | None, warnings: Warnings
) -> Place:
    """The place with the first candidate point that lies in the département, else the centre.

    A given point that cannot be right is said as a warning; a missing one goes without a word.
    """
    inside = (
        p
        for p in (given.candidates if given else ())
        if check_coordinates(*p, locality.departement) is None
    )
    point = next(inside, None)
    precision = given.precision if given else None
    if point is None:
        point = locality.centre
        precision = "commune" if point else None
        if given:
            end = "le centre de la commune est pris" if point else "la structure reste hors carte"
            message = (
                f"Les coordonnées {shown(given.text, 60)} ne sont pas dans le département "
                f"{locality.departement} ; {end}."
            )
            warnings.append(Warned(given.column, "coordonnees", message))
    commune = locality.commune
    lat, lon = (round(point[0], 6), round(point[1], 6)) if point else (None, None)
    return Place(
        address=read_text(address or "", "adresse", 255, warnings),
        postcode=locality.postcode,
        city=locality.city,
        code_insee=(commune.city or commune.code) if commune else None,
        departement=locality.departement,
        cedex=locality.cedex,
        lat=lat,
        lon=lon,
        precision=precision,
    )


def precision_of(score: float | None, *, numbered: bool, centroid: bool) -> str:
    """How precise a geocoded point is, by its score of 100; below 80 only the commune is sure."""
    if centroid or (score is not None and score < _STREET_SCORE):
        return "commune"
    return "number" if numbered and score is not None and score >= _NUMBER_SCORE else "street"
