"""Which passwords are accepted, and that the work of checking one tells nothing."""

import pytest

from annuaire.accounts.passwords import LONGEST, checked, hashed, verify
from annuaire.errors import InvalidInputError

PERSONAL = ("Camille Essai", "camille.essai@mairie-exemple.fr")


@pytest.mark.parametrize(
    "password",
    [
        "court", "onze lettre", "a" * (LONGEST + 1), "aaaaaaaaaaaa", "abcabcabcabc", "123456123456",
        "motdepasse123", "M0tDeP@sse2026!", "azertyuiop12", "AZERTYUIOPQSDFGH", "qwerty123456",
        "bonjour bonjour", "soleil2024soleil", "annuaire2026!", "1234567890123", "abcdefghijklm",
        "camille.essai1", "EssaiCamille2026", "q1w2e3r4t5y6", "telechargement", "Pa$$w0rd2026!",
        "mairie-exemple", "😀😀😀😀😀😀😀😀😀😀😀😀",
    ],
)  # fmt: skip
def test_password_that_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidInputError):
        checked(password, *PERSONAL)


@pytest.mark.parametrize(
    "password",
    [
        "cheval batterie agrafe correct", "Le chat dort sous la table", "xK9#mQ2$vL7p",
        "j’aime les frites au vinaigre", "пароль на каждый день",
        "a1b2c3d4e5f6 g7", "éééééàùxyzkw",
        "trois crayons, deux gommes" + "!" * 50,
    ],
)  # fmt: skip
def test_long_or_unusual_password_is_accepted(password: str) -> None:
    assert checked(password, *PERSONAL)


def test_password_is_the_same_however_its_accents_were_typed() -> None:
    kept = hashed(checked("le café est servi à midi"))
    assert verify(kept, "le cafe\u0301 est servi a\u0300 midi")
    assert not verify(kept, "le cafe est servi a midi")
    assert kept.startswith("$argon2id$")


@pytest.mark.parametrize("kept", [None, "", "pas une empreinte"])
def test_nobody_has_the_password_of_no_account(kept: str | None) -> None:
    assert not verify(kept, "nobody has this one")
    assert not verify(kept, "\ud800" * 10_000)
