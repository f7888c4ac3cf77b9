"""Lines read ahead and given back."""

from collections import deque
from collections.abc import Iterator

from importers.files.lines import Line
from importers.rows import UnreadableFile


class Lookahead:
    """Lines that may be given back; a file that breaks does so after the lines held."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._waiting: deque[Line] = deque()
        self._failure: UnreadableFile | None = None

    def take(self) -> Line | None:
        """The next line, None at the end or where the file breaks."""
        if self._waiting:
            return self._waiting.popleft()
        if self._failure:
            return None
        try:
            return next(self._lines, None)
        except UnreadableFile as e:
            self._failure = e
            return None

    def give_back(self, lines: list[Line]) -> None:
        """Puts lines back in front, in their order."""
        self._waiting.extendleft(reversed(lines))

    def finish(self) -> None:
        """Raises what broke the file, if anything did."""
        if self._failure:
            raise self._failure
