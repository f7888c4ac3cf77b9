"""The signed addresses of a request: what each opens, for how long."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from annuaire.errors import NotFoundError
from annuaire.mail import links
from annuaire.sourcing import rules

A_LONG_TIME: Final = rules.KEPT + timedelta(days=rules.MOST_DAYS)
STOP_KEPT: Final = timedelta(days=5 * 366)

#: How long each link holds.
AGES: Final = {
    "confirmer": rules.DRAFT_KEPT,
    "suivi": A_LONG_TIME,
    "carnet": A_LONG_TIME,
    "repondre": A_LONG_TIME,
    "arreter": STOP_KEPT,
}


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads addresses of this site; `public_url` has no slash at its end."""

    secret: str
    public_url: str

    def path(self, page: str, value: Any) -> str:
        """The path of a page: « confirmer », « suivi » (a request's number), « repondre » (that of
        an asked structure), « arreter » (structure, address) or « carnet » (address)."""
        return f"/demandes/{page}/{links.sign(self.secret, _purpose(page), value)}"

    def url(self, page: str, value: Any) -> str:
        """The same, whole, for mails."""
        return self.public_url + self.path(page, value)

    def read(self, page: str, token: str) -> Any:
        """The value of a page's address. Raises NotFoundError for one that cannot be followed."""
        try:
            age = int(AGES[page].total_seconds())
            return links.read(self.secret, _purpose(page), token, age)
        except links.LinkError as error:
            raise NotFoundError(error.message) from error


def _purpose(page: str) -> str:
    return f"sourcing-{page}"
