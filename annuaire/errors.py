"""The root of the errors that the product raises on purpose."""


class AnnuaireError(Exception):
    """Something that a user or an operator can be told about, in French, as it is."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFoundError(AnnuaireError):
    """What was asked for by identifier does not exist."""


class WithdrawnError(NotFoundError):
    """What was asked for was taken off at the demand of whom it speaks of."""


class InvalidInputError(AnnuaireError):
    """A value given by a user cannot be used; `field` names it."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
