"""Where an embedded index lives on disk, so that processes may be killed at any moment.

<directory>/structures.lock            one writer at a time (flock; dies with its process)
<directory>/structures.rebuild.lock    one rebuild at a time
<directory>/structures/<format>/current          the name of the generation in use
<directory>/structures/<format>/<generation>/    a tantivy index
                                …/alive          flocked by the rebuild that fills it
                                …/journal        what was written while it was being filled
                                …/incomplete     an older format existed: rebuild wanted
"""

import contextlib
import fcntl
import os
import re
import shutil
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson
import tantivy

from search.embedded_read import Opened, opened_as
from search.embedded_schema import VERSION, open_index
from search.engine import EngineUnavailable
from search.schema import IndexSchema

HEAP_BYTES = 30_000_000  # tantivy wants at least 15 MB a thread
REBUILD_THREADS = 2
REBUILD_HEAP_BYTES = 120_000_000
LOST = "illisible"  # no generation is ever named so: opening it fails, rebuilding replaces it
_GENERATION = re.compile(r"^[0-9a-f]{32}$")
UNREADABLE = "L’index de recherche est illisible : lancez « annuaire index rebuild »."


@contextlib.contextmanager
def locked(path: Path) -> Iterator[IO[str]]:
    """Hold a lock file, waiting for whoever has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


@dataclass
class Writing:
    """An open writer under the lock; `note` tells the rebuilds under way what is written."""

    writer: tantivy.IndexWriter
    journals: tuple[Path, ...]

    def note(self, entries: list[list[object]]) -> None:
        for path in self.journals:
            with path.open("ab") as file:
                file.writelines(orjson.dumps(entry) + b"\n" for entry in entries)


class Store:
    """The generations of one index. Safe between threads, processes and after a fork."""

    def __init__(self, directory: Path, schema: IndexSchema) -> None:
        self.schema = schema
        self._root = directory / schema.name
        self._home = self._root / schema.digest(VERSION)
        self._lock = directory / f"{schema.name}.lock"
        self._rebuild_lock = directory / f"{schema.name}.rebuild.lock"
        self._guard = threading.Lock()
        self._opened: tuple[str, tantivy.Index] | None = None
        self._open: Opened | None = None  # as of the last commit that was seen
        self._seen: tuple[int, ...] = ()
        self._meta = self._home
        self._pointer = self._home / "current"
        self._pointed: tuple[tuple[int, ...], str] | None = None

    def searcher(self) -> tantivy.Searcher:
        """The index as last committed by anyone; an empty one when there is none yet.

        Raises EngineUnavailable when what is on disk cannot be read.
        """
        return self.opened().searcher

    def opened(self) -> Opened:
        """The same with its version (`version`), the disk being looked at once for both."""
        for _ in range(10):
            generation = self._current()
            try:
                return self._reloaded(generation)
            except (ValueError, OSError) as error:
                self._opened = None
                if self._current() == generation:
                    raise EngineUnavailable(UNREADABLE) from error
        raise EngineUnavailable(UNREADABLE)

    def version(self) -> str:
        """The generation in use and its last commit: tantivy replaces `meta.json` at each one. What
        is searched after it was asked for is as new, or newer."""
        generation = self._current()
        try:
            return _version(generation, _identity(self._home / generation / "meta.json"))
        except OSError:
            return generation

    def needs_rebuild(self) -> bool:
        """Whether an older format was left behind and this one does not hold everything yet."""
        generation = self._current()
        if generation:
            return (self._home / generation / "incomplete").exists()
        return self._others_exist()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Writing]:
        """A writer on the index in use; commits on leaving, takes all back on an error."""
        with locked(self._lock):
            generation = self._current() or self._created()
            self._sweep(generation)
            writer = self._writer(self._home / generation, HEAP_BYTES, 1)
            with _closing(writer):
                yield Writing(writer, tuple(self._home.glob("*/journal")))

    @contextlib.contextmanager
    def rebuilding(self) -> Iterator[tuple[tantivy.IndexWriter, Path]]:
        """A writer on a new generation and its folder, thrown away unless `switching` used it."""
        with locked(self._rebuild_lock):
            with locked(self._lock):
                self._sweep(self._current())
                path = self._home / uuid.uuid4().hex
                path.mkdir(parents=True)
                alive = (path / "alive").open("a")
                fcntl.flock(alive, fcntl.LOCK_EX)
                (path / "journal").touch()
            try:
                with alive:
                    writer = self._writer(path, REBUILD_HEAP_BYTES, REBUILD_THREADS)
                    with _left_on_error(writer):
                        yield writer, path
            finally:
                if path.name != self._current():
                    shutil.rmtree(path, ignore_errors=True)

    @contextlib.contextmanager
    def switching(self, path: Path, writer: tantivy.IndexWriter) -> Iterator[Path]:
        """Hold writers back while the journal is read and the last commit made, then switch.

        The writer is closed before anyone else may write: tantivy lets one live on an index.
        """
        with locked(self._lock):
            yield path / "journal"
            writer.commit()
            writer.wait_merging_threads()
            (path / "journal").unlink()
            self._point_to(path.name)
            self._sweep(path.name)
            for other in self._others():
                shutil.rmtree(other, ignore_errors=True)

    def _current(self) -> str:
        """The generation in use; "" before the first one, LOST when its name cannot be read."""
        try:
            written = _identity(self._pointer)
            if (known := self._pointed) is not None and known[0] == written:
                return known[1]
            name = self._pointer.read_text(errors="replace").strip()
        except FileNotFoundError:
            return ""
        except OSError:
            return LOST
        if not _GENERATION.match(name):
            return LOST
        self._pointed = (written, name)
        return name

    def _others(self) -> list[Path]:
        return [p for p in self._root.glob("*") if p != self._home]

    def _others_exist(self) -> bool:
        return any((p / "current").exists() for p in self._others())

    def _reloaded(self, generation: str) -> Opened:
        """Each commit puts a new file in the place of the former: looking at it costs a hundredth
        of reading it. Under the guard: what was read of one commit is never taken for another's."""
        with self._guard:
            if self._opened is None or self._opened[0] != generation:
                path = self._home / generation
                if generation and not (path / "meta.json").exists():
                    raise FileNotFoundError(path)
                index = open_index(self.schema, str(path) if generation else None)
                index.config_reader("manual")
                self._opened, self._open, self._seen = (generation, index), None, ()
                self._meta = path / "meta.json"
            committed = _identity(self._meta) if generation else ()
            if self._open is None or committed != self._seen:
                index = self._opened[1]
                if generation:
                    index.reload()
                version = _version(generation, committed)
                self._open = opened_as(version, self.schema, index.searcher())
                self._seen = committed
            return self._open

    def _created(self) -> str:
        name = uuid.uuid4().hex
        (self._home / name).mkdir(parents=True)
        open_index(self.schema, str(self._home / name))
        if self._others_exist():
            (self._home / name / "incomplete").touch()
        self._point_to(name)
        return name

    def _writer(self, path: Path, heap: int, threads: int) -> tantivy.IndexWriter:
        try:
            return open_index(self.schema, str(path)).writer(heap, threads)
        except (ValueError, OSError) as error:
            raise EngineUnavailable(UNREADABLE) from error

    def _point_to(self, generation: str) -> None:
        fresh = self._home / "current.new"
        with fresh.open("w") as file:
            file.write(generation)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._pointer)
        folder = os.open(self._home, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _sweep(self, generation: str) -> None:
        """Under the lock: remove what killed writers and rebuilds left.

        Nothing while the pointer cannot be read, which may pass (too many open files): a rebuild
        that ends writes a new pointer, and sweeps then.
        """
        if generation == LOST:
            return
        for leftover in (self._home / generation).glob(".tmp*") if generation else ():
            leftover.unlink(missing_ok=True)
        for path in self._home.glob("*/"):
            if path.name != generation and not _is_alive(path):
                shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _closing(writer: tantivy.IndexWriter) -> Iterator[None]:
    try:
        yield
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()


@contextlib.contextmanager
def _left_on_error(writer: tantivy.IndexWriter) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(RuntimeError, ValueError):  # closed, when the switch failed late
            writer.rollback()
            writer.wait_merging_threads()
        raise


def _version(generation: str, committed: tuple[int, ...]) -> str:
    return " ".join((generation, *map(str, committed)))


def _identity(path: Path) -> tuple[int, ...]:
    """What changes when another file is put in this one's place."""
    state = path.stat()
    return state.st_ino, state.st_mtime_ns, state.st_size


def _is_alive(path: Path) -> bool:
    try:
        with (path / "alive").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
