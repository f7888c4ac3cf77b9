"""What a mistyped command is told, in French: click's own sentences are English."""

import click


def usage_message(error: click.ClickException) -> str:
    """One sentence that names the option or argument and what it expects, then where help is."""
    where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
    aid = f" Voir « {where} --help »." if where else ""
    return _what(error) + aid


def _what(error: click.ClickException) -> str:
    match error:
        case click.MissingParameter():
            return f"Il manque {_name(error)}."
        case click.BadParameter():
            return f"{_name(error)} : {_expected(error)}."
        case click.NoSuchOption():
            close = f" Peut-être : {', '.join(error.possibilities)}." if error.possibilities else ""
            return f"L'option « {error.option_name} » n'existe pas.{close}"
        case click.NoSuchCommand():
            return f"La commande « {error.command_name} » n'existe pas."
        case click.BadOptionUsage():
            return f"L'option « {error.option_name} » est mal employée (valeur absente ou en trop)."
        case _:
            return f"Commande mal écrite ({error.format_message()})"


def _name(error: click.BadParameter) -> str:
    parameter = error.param
    if parameter is None:
        return "une valeur"
    if isinstance(parameter, click.Option):
        return f"l'option {parameter.opts[-1] if len(parameter.opts) == 1 else parameter.opts[0]}"
    return f"l'argument {(parameter.name or '').rstrip('_').upper()}"


def _expected(error: click.BadParameter) -> str:
    """What the parameter takes, by its type; a file says what is wrong with it."""
    kind = error.param.type if error.param else None
    match kind:
        case click.Choice():
            return f"valeurs possibles : {', '.join(map(str, kind.choices))}"
        case click.IntRange():
            return f"un nombre entier{_bounds(kind.min, kind.max)} est attendu"
        case click.DateTime():
            return "une date année-mois-jour est attendue, par exemple 2026-05-31"
        case click.Path():
            return _file(error.message)
        case _:
            words = {"integer": "un nombre entier est attendu", "float": "un nombre est attendu"}
            return words.get(getattr(kind, "name", ""), error.message)


def _bounds(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f" de {low} à {high}"
    return f" d'au moins {low}" if low is not None else ""


def _file(message: str) -> str:
    """What click found wrong with a path, whose name it puts between quotes."""
    name = message.partition("'")[2].rpartition("'")[0]
    for sign, said in (
        ("does not exist", "n'existe pas"),
        ("is a directory", "est un dossier, un fichier est attendu"),
        ("is not readable", "ne peut pas être lu : vérifiez vos droits"),
    ):
        if sign in message:
            return f"« {name} » {said}"
    return message
