"""What a second application need not work out again: its addresses, its templates."""

from collections.abc import Callable
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
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


class KeptTemplates(BytecodeCache):
    """Templates, compiled once in a process: a sixth of the time of the tests of pages."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._made.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._made[bucket.key, bucket.checksum] = bucket.code
