"""Addresses that a second application need not work out again."""

from collections.abc import Callable

from werkzeug.routing import Rule

_MADE: dict[tuple[str, str | None, bool], Callable[..., tuple[str, str]]] = {}


class KeptRule(Rule):
    """A route whose function that builds its addresses is compiled once in a process.

    Compiling those of every page is nine tenths of what making the application takes, and nearly
    each test makes one. The function holds nothing of the application: it is given the rule.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:  # they are written into the function
            return super()._compile_builder(append_unknown)
        key = (self.rule, self.subdomain, append_unknown)
        if key not in _MADE:
            _MADE[key] = super()._compile_builder(append_unknown)
        return _MADE[key]
