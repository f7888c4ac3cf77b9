"""The second factor: a code that a telephone gives (TOTP, RFC 6238), or a recovery code."""

import base64
import hashlib
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from annuaire.accounts.models import RecoveryCode, User
from annuaire.accounts.tokens import hash_of
from annuaire.errors import AnnuaireError

if TYPE_CHECKING:  # at first use: a process that nobody with a telephone asks saves 9 MB
    from cryptography.fernet import Fernet

STEP: Final = 30  # seconds
CODES: Final = 10
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that one takes for another


class WrongCodeError(AnnuaireError):
    """A code that proves nothing: false, of another time, or used already."""


def _cipher(secret_key: str) -> "Fernet":
    """What encrypts the secrets of telephones: who reads the database cannot make their codes."""
    from cryptography.fernet import Fernet

    derived = hashlib.scrypt(secret_key.encode(), salt=b"annuaire-totp-1", n=2**10, r=8, p=1)
    return Fernet(base64.urlsafe_b64encode(derived[:32]))


def prepare(user: User, secret_key: str) -> str:
    """Give an account a new secret, not asked for before `confirm`; returns it."""
    secret = pyotp.random_base32()
    user.totp_secret = _cipher(secret_key).encrypt(secret.encode()).decode()
    user.totp_since = user.totp_step = None
    return secret


def secret_of(user: User, secret_key: str) -> str | None:
    """The secret of an account; None when it has none, or one encrypted under another key."""
    if user.totp_secret is None:
        return None
    from cryptography.fernet import InvalidToken

    try:
        return _cipher(secret_key).decrypt(user.totp_secret.encode()).decode()
    except InvalidToken:
        return None


def picture(secret: str, email: str) -> str:
    """What a telephone reads: a QR code, as the address of an image."""
    import segno

    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="annuaire")
    return str(segno.make(uri, error="m").svg_data_uri(scale=4, border=3, light="#fff"))


def is_on(user: User) -> bool:
    """Whether an account asks for a second factor."""
    return user.totp_since is not None


def confirm(session: Session, user: User, code: str, secret_key: str) -> list[str]:
    """Ask for codes from now on, once a first one is right; returns the recovery codes, which are
    kept nowhere. Raises WrongCodeError."""
    _take_step(session, user, code, secret_key)
    user.totp_since = datetime.now(UTC)
    return renew_codes(session, user.id)


def renew_codes(session: Session, user_id: int) -> list[str]:
    """New recovery codes in the place of the old ones."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["-".join("".join(_letter() for _ in range(5)) for _ in range(3)) for _ in range(CODES)]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=_hash(code)) for code in codes)
    session.flush()
    return codes


def _letter() -> str:
    return secrets.choice(_LETTERS)


def _hash(code: str) -> str:
    """Of 74 bits drawn at random: a quick hash is enough."""
    return hash_of("".join(c for c in code.lower() if c.isalnum()))


def prove(session: Session, user: User, code: str, secret_key: str) -> bool:
    """Take a code, in the caller's transaction: True when it is a recovery code. Raises
    WrongCodeError."""
    digits = "".join(code.split())
    if len(digits) == 6 and digits.isascii() and digits.isdigit():
        _take_step(session, user, digits, secret_key)
        return False
    taken = session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == _hash(code[:100]),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=datetime.now(UTC))
        .returning(RecoveryCode.id)
    )
    if taken is None:
        raise WrongCodeError("Ce code n’est pas le bon : lisez celui qui s’affiche maintenant.")
    return True


def _take_step(session: Session, user: User, code: str, secret_key: str) -> None:
    """Take the code of this step, or of one just beside it (a clock that is 30 seconds off); none
    serves twice, whoever comes at once."""
    secret = secret_of(user, secret_key)
    now = int(datetime.now(UTC).timestamp()) // STEP
    digits = "".join(code.split())
    for step in (now, now - 1, now + 1):
        if secret and pyotp.utils.strings_equal(pyotp.TOTP(secret).generate_otp(step), digits):
            newer = (User.totp_step.is_(None)) | (User.totp_step < step)
            taken = session.scalar(
                update(User)
                .where(User.id == user.id, newer)
                .values(totp_step=step)
                .returning(User.id)
            )
            if taken is not None:
                return
    raise WrongCodeError("Ce code n’est pas le bon : lisez celui qui s’affiche maintenant.")


def left(session: Session, user_id: int) -> int:
    """How many recovery codes an account has left."""
    unused = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0


def take_off(session: Session, user: User) -> None:
    """Ask for no code any more."""
    user.totp_secret = user.totp_since = user.totp_step = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
