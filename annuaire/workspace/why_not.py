"""« Pourquoi pas nous ? »: one structure before one lot, by the same scoring as suggestions."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from annuaire.contracts.models import Contract, Lot
from annuaire.contracts.records import REMOVED
from annuaire.contracts.service import by_reference, lot_by_number
from annuaire.errors import InvalidInputError
from annuaire.matching.features import FEATURES, trade_known
from annuaire.matching.meeting import ask, meet
from annuaire.matching.need import need_from_lot
from annuaire.matching.opportunities import DEFAULT_KM, LEAST_POINTS, candidate_of
from annuaire.matching.scoring import distances, points
from annuaire.matching.told import told_of
from annuaire.profiles.service import held
from annuaire.structures.models import Structure
from annuaire.wording import km

_LOT: Final = re.compile(r"/marches/([^/]+)(?:/lots/(.+?))?/?")  # a number may hold a slash


@dataclass(frozen=True, slots=True)
class Row:
    """A feature of the scoring: points given of points possible, and the sentence, if any."""

    label: str
    given: float
    weight: float
    sentence: str | None


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What the scoring makes of the structure for the lot: `obstacles` keep it from being
    suggested, whatever its points."""

    contract: Contract
    lot: Lot
    score: int
    least: int
    obstacles: tuple[str, ...]
    cautions: tuple[str, ...]
    rows: tuple[Row, ...]


def lot_at(session: Session, address: str) -> tuple[Contract, Lot]:
    """The lot of an address of this site, or its path, or a reference. Raises InvalidInputError
    for what is no address of a contract, NotFoundError."""
    text = address.strip()[:500]
    path = urlsplit(text).path if "/" in text else f"/marches/{text}"
    found = _LOT.fullmatch(unquote(path))
    if not text or found is None:
        raise InvalidInputError(
            "Collez l’adresse d’un lot : /marches/…/lots/… Vous la trouvez dans la recherche de "
            "marchés.",
            "lot",
        )
    contract = by_reference(session, found[1])
    lots = contract.standing_lots
    if found[2] is None and len(lots) > 1:
        raise InvalidInputError(
            f"Ce marché a {len(lots)} lots : collez l’adresse de l’un d’eux.", "lot"
        )
    return contract, (lot_by_number(contract, found[2]) if found[2] else lots[0])


def why_not(
    session: Session, structure: Structure, contract: Contract, lot: Lot, today: date
) -> WhyNot:
    """Why a lot is suggested to a structure, or not."""
    said = told_of(held(session, structure.id).content)
    candidate = replace(candidate_of(session, structure, today), told=said)
    need = need_from_lot(contract, lot)
    asked = ask(need)
    (far,) = distances(need, [candidate])
    met = meet(asked, candidate, far)
    rows = []
    for feature in FEATURES:
        score, sentence = feature.function(asked, met)
        words = sentence() if sentence else None
        rows.append(Row(feature.label, feature.weight * score, feature.weight, words))
    obstacles = []
    if met.fit.barred:
        obstacles.append("Ce lot est réservé à d’autres types de structures.")
    if not trade_known(asked, met):
        obstacles.append(
            "L’activité de ce lot n’est pas connue comme étant la vôtre : déclarez vos activités."
        )
    if far is not None and far > DEFAULT_KM and not met.reached:
        obstacles.append(
            f"Vous êtes à {km(far)} du lieu du lot ; la limite est de {km(DEFAULT_KM)}."
        )
    if lot.state == REMOVED:
        obstacles.append("Ce lot a été retiré de la consultation.")
    if lot.awards:
        obstacles.append("Ce lot est déjà attribué.")
    total = 0.0 if met.fit.barred else points(asked, met)
    if total < LEAST_POINTS:
        obstacles.append(
            f"{round(total)} points sur 100 : les lots sont montrés à partir de "
            f"{LEAST_POINTS:.0f}. Le tableau dit d’où ils viennent."
        )
    return WhyNot(
        contract, lot, round(total), round(LEAST_POINTS), tuple(obstacles),
        tuple(met.fit.cautions), tuple(rows),
    )  # fmt: skip
