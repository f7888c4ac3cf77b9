"""Why something could not be had from the network, in words for the operator."""

from http import HTTPStatus

from annuaire.errors import AnnuaireError


class OnlineError(AnnuaireError):
    """The network did not give what was asked."""


class ForbiddenAddress(OnlineError):  # noqa: N818 - said of the address, as the message does
    """Not https, a host that the source does not declare, or an address that is not public."""


class Unreachable(OnlineError):  # noqa: N818 - a state of the service
    """The service did not answer, or no longer, after all attempts."""


class Paused(Unreachable):
    """The service asks for a pause longer than we wait: it is to be left alone until then."""


class WrongContent(OnlineError):  # noqa: N818 - said of what came
    """What came is not what was announced: size, checksum, kind of file."""


class HttpStatus(OnlineError):  # noqa: N818 - the answer itself
    """The service answered with an error that waiting does not cure; `status` is its number."""

    def __init__(self, host: str, path: str, status: int) -> None:
        super().__init__(f"{host} a répondu {status}{_meaning(status)} pour {path[:200]}.")
        self.status = status


class Passing(Exception):  # noqa: N818 - a state; for those who count attempts themselves
    """A failure that another attempt may cure. `wait` seconds when the service says how long;
    `progressed` when enough bytes came that need not be asked again."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wait = wait
        self.progressed = False


class TooSlow(Passing):
    """An answer that takes too long as a whole; what came of it is no reason for more patience."""


_MEANINGS = {
    HTTPStatus.BAD_REQUEST: "demande refusée",
    HTTPStatus.UNAUTHORIZED: "accès refusé, jeton manquant ou périmé",
    HTTPStatus.FORBIDDEN: "accès refusé",
    HTTPStatus.NOT_FOUND: "introuvable",
    HTTPStatus.GONE: "retiré",
    HTTPStatus.TOO_MANY_REQUESTS: "trop de demandes",
    HTTPStatus.SERVICE_UNAVAILABLE: "service indisponible",
}


def _meaning(status: int) -> str:
    said = next((words for code, words in _MEANINGS.items() if code == status), None)
    return f" ({said})" if said else ""
