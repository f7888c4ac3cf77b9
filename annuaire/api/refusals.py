"""What cannot be answered as it was asked, field by field."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annuaire.errors import AnnuaireError
from search.filters import InputError


class RefusedError(AnnuaireError):
    """A query string or a body that cannot be used; `errors` are members of RFC 9457's extension:
    `detail`, with the `parameter` of the query string or the `pointer` into the body."""

    def __init__(self, message: str, errors: Iterable[Mapping[str, str]], status: int) -> None:
        super().__init__(message)
        self.errors = [dict(error) for error in errors]
        self.status = status


def refused_query(errors: Iterable[InputError]) -> RefusedError:
    """The refusal of a query string: nothing of it is passed over in silence."""
    told = [{"parameter": error.field, "detail": error.message} for error in errors]
    return RefusedError(" ".join(each["detail"] for each in told), told, 400)


def refused_body(messages: Mapping[Any, Any]) -> RefusedError:
    """The refusal of a body, from marshmallow's messages."""
    told = [{"pointer": pointer, "detail": detail} for pointer, detail in _pointed("#", messages)]
    return RefusedError("Un ou plusieurs champs ne peuvent pas être utilisés.", told, 422)


def _pointed(path: str, messages: Any) -> Iterator[tuple[str, str]]:
    """Messages with where they point to: a JSON pointer (RFC 6901) within the body."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            step = str(key).replace("~", "~0").replace("/", "~1")
            yield from _pointed(path if key == "_schema" else f"{path}/{step}"[:200], inner)
    else:
        for message in messages:
            yield path, str(message)
