"""Passwords: what makes one acceptable, and what is kept of it (argon2id). Pure."""

import re
import unicodedata
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from annuaire.errors import InvalidInputError

SHORTEST: Final = 12
LONGEST: Final = 200  # characters: whoever sends more wants our processor's time
DATA: Final = Path(__file__).parent / "data"
#: How digits and signs stand for letters in what people believe to be hard to guess.
LEET: Final = str.maketrans("013457@$€!", "oieastasei")
ROWS: Final = ("abcdefghijklmnopqrstuvwxyz", "azertyuiop", "qwertyuiop", "qsdfghjklm", "asdfghjkl",
               "wxcvbn", "zxcvbnm", "01234567890", "1qaz2wsx3edc4rfv", "1q2w3e4r5t6y")  # fmt: skip
FIELD: Final = "mot_de_passe"

#: What OWASP asks of argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane.
_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def checked(password: str, *personal: str) -> str:
    """The password as it is hashed. `personal` are words that whoever guesses tries first: name,
    address, what the site is called. Raises InvalidInputError."""
    given = _composed(password)
    if len(given) < SHORTEST:
        raise InvalidInputError(
            f"Un mot de passe compte au moins {SHORTEST} caractères : une phrase convient.", FIELD
        )
    if len(given) > LONGEST:
        raise InvalidInputError(
            f"Un mot de passe compte au plus {LONGEST} caractères : raccourcissez-le.", FIELD
        )
    if given.lower() in _common() or is_weak(given, *personal):
        raise InvalidInputError(
            "Ce mot de passe fait partie de ceux que l’on essaie d’abord (mots courants, suites, "
            "répétitions, votre nom ou votre adresse) : choisissez-en un autre.",
            FIELD,
        )
    return given


def _composed(password: str) -> str:
    """One form whatever keyboard wrote it (RFC 8265, 4.2)."""
    return unicodedata.normalize("NFC", password.encode("utf-8", "replace").decode("utf-8"))


def is_weak(password: str, *personal: str) -> bool:
    """Whether a password is only a repetition, a sequence, or common or personal words with digits
    and signs around."""
    folded = _folded(password)
    if len(set(folded)) < 5 or _is_repetition(folded) or _is_sequence(folded):
        return True
    if any(c.isalpha() and not c.isascii() for c in folded):
        return False  # our words are all in Latin letters
    own = {word for text in personal for word in re.split(r"[^a-z]+", _folded(text)) if word}
    words = _words() | {word for word in own if len(word) > 2}
    return any(
        _is_made_of(re.sub(r"[^a-z]", "", text), words)
        for text in (folded, folded.translate(LEET), folded.rstrip("0123456789!").translate(LEET))
    )


def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in spread if not unicodedata.combining(c) and not c.isspace())


def _is_repetition(text: str) -> bool:
    return any(
        text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1)
    )


def _is_sequence(text: str) -> bool:
    """Whether most of it follows a row of keys or the alphabet, either way."""
    rows = [*ROWS, *(row[::-1] for row in ROWS)]
    steps = sum(any(text[i : i + 2] in row for row in rows) for i in range(len(text) - 1))
    return steps >= 0.8 * (len(text) - 1)


def _is_made_of(letters: str, words: AbstractSet[str]) -> bool:
    """Whether the letters are three of the words at most, one after the other, and nothing else: a
    sentence of common words is a good password. No letter at all is none of them."""
    fewest = [0, *([len(letters) + 1] * len(letters))]
    for end in range(1, len(letters) + 1):
        for start in range(end):
            if letters[start:end] in words:
                fewest[end] = min(fewest[end], fewest[start] + 1)
    return fewest[-1] <= 3


def hashed(password: str) -> str:
    """What is kept of a checked password."""
    return _hasher.hash(password)


def verify(kept: str | None, password: str) -> bool:
    """Whether a password is the one of which `kept` was made. Takes as long when there is none:
    who watches the time learns nothing of accounts."""
    given = _composed(password)[: LONGEST + 1]
    try:
        return _hasher.verify(_nobody() if kept is None else kept, given) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with less work than we ask now."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this one")


@cache
def _common() -> frozenset[str]:
    return frozenset(line.lower() for line in _lines("common_passwords.txt"))


@cache
def _words() -> frozenset[str]:
    return frozenset(word for line in _lines("common_words.txt") for word in line.split())


def _lines(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]
