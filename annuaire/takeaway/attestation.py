"""What the register says of one number at one moment, sealed so that it can be checked later.

Nothing is stored: the statement travels whole in its own address, signed with the site's key.
Who opens the address reads what was said then, and what the register says now. The fingerprint
printed on the paper is that of the statement.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import orjson
from itsdangerous import BadSignature, URLSafeSerializer

from annuaire.errors import NotFoundError
from annuaire.takeaway.checking import Checked, StatusSeen
from annuaire.takeaway.verdicts import VERDICTS

SALT: Final = "attestation-1"
MAX_TOKEN: Final = 6_000  # characters; longer is none of ours
FORGED: Final = (
    "Cette adresse n’est pas celle d’une attestation délivrée par ce site : elle a été modifiée ou "
    "coupée, ou le site a changé de clé depuis. Faites une nouvelle vérification."
)

Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StatusSaid:
    """A status as the statement holds it."""

    kind: str
    valid_from: date | None
    valid_to: date | None
    until: date | None
    source: str
    read_on: date | None


@dataclass(frozen=True, slots=True)
class Statement:
    """What was said: of which number, when, which verdict, on which statuses and sources."""

    number: str
    made_at: datetime
    verdict: str
    name: str
    city: str
    statuses: tuple[StatusSaid, ...]
    siblings: int
    esus: bool

    @property
    def fingerprint(self) -> str:
        """32 hexadecimal digits in groups of four, of what was said and when."""
        digest = hashlib.sha256(orjson.dumps(_packed(self))).hexdigest()[:32]
        return " ".join(digest[i : i + 4] for i in range(0, 32, 4))

    def same_as(self, other: "Statement") -> bool:
        """Whether the register says the same of the number, dates of reading apart."""
        return _substance(self) == _substance(other)


def statement(checked: Checked, made_at: datetime) -> Statement:
    """The statement of an answer, to the second."""
    own = checked.establishment
    return Statement(
        number=checked.asked.number.digits,
        made_at=made_at.replace(microsecond=0),
        verdict=checked.verdict,
        name=own.name if own else "",
        city=(own.city or "") if own else "",
        statuses=tuple(_said(status) for status in (own.statuses if own else ())),
        siblings=len(checked.siblings),
        esus=checked.esus,
    )


def _said(status: StatusSeen) -> StatusSaid:
    return StatusSaid(
        status.kind, status.valid_from, status.valid_to, status.until, status.source, status.read_on
    )


def seal(said: Statement, secret_key: str) -> str:
    """The statement as a signed token, for an address."""
    sealed = _serializer(secret_key).dumps(_packed(said))
    return sealed if isinstance(sealed, str) else sealed.decode()


def unseal(token: str, secret_key: str, number: str) -> Statement:
    """The statement of a token. Raises NotFoundError for one that we did not sign, or that speaks
    of another number."""
    try:
        said: Said = _serializer(secret_key).loads(token[:MAX_TOKEN])
    except BadSignature as error:
        raise NotFoundError(FORGED) from error
    found = _unpacked(said)
    if found.number != number or found.verdict not in VERDICTS:
        raise NotFoundError(FORGED)
    return found


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=SALT)


def _packed(said: Statement) -> Said:
    """Short keys: the token stands in an address."""
    return {
        "n": said.number,
        "t": said.made_at.isoformat(),
        "v": said.verdict,
        "d": said.name,
        "c": said.city,
        "s": [
            [s.kind, _iso(s.valid_from), _iso(s.valid_to), _iso(s.until), s.source, _iso(s.read_on)]
            for s in said.statuses
        ],
        "a": said.siblings,
        "e": said.esus,
    }


def _unpacked(said: Said) -> Statement:
    return Statement(
        number=said["n"],
        made_at=datetime.fromisoformat(said["t"]),
        verdict=said["v"],
        name=said["d"],
        city=said["c"],
        statuses=tuple(
            StatusSaid(kind, _day(first), _day(last), _day(until), source, _day(read))
            for kind, first, last, until, source, read in said["s"]
        ),
        siblings=said["a"],
        esus=said["e"],
    )


def _substance(said: Statement) -> tuple[object, ...]:
    held = tuple((s.kind, s.valid_from, s.valid_to, s.until, s.source) for s in said.statuses)
    return (said.number, said.verdict, held, said.siblings > 0, said.esus)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
