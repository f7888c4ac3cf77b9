"""The FINESS+ JSON, `finess-structures-journalier-*.json.gz`: 750 MB, read as a stream.

Root `{generatedAt, gcc[], gco[], pmej[]}`: each `pmej` is a legal entity, its `ege` are the
establishments. Only one entity is held at a time.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ijson

from annuaire.structures.records import StructureRecord
from importers.files.blocks import Blocks, open_blocks
from importers.files.fields import read_date
from importers.rows import InvalidRow, Row, SkipRow, UnreadableFile, Warned
from importers.sources.esat.plus_row import category_of, text_of, transform, unlisted
from importers.sources.esat.record import Reading

MAX_DEPTH = 1_000  # genuine files nest 8 levels; the parser's time grows with the depth
MAX_ENTITY = 128_000_000  # bytes without a legal entity after which the file is refused
MAX_TEXT = 2_000_000  # bytes of one text; the parser reads it from its start at every block
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def read_plus(path: Path, reading: Reading) -> Iterator[Row[StructureRecord]]:
    """The establishments of the file, numbered in their order.

    Raises UnreadableFile for broken JSON, and when the file holds no legal entity at all.
    """
    day = _generated_on(path)
    number, told = 0, set[str]()
    for entity in _items(path, "pmej.item"):
        establishments = entity.get("ege") if isinstance(entity, dict) else None
        if establishments is None and isinstance(entity, dict):
            continue
        for ege in establishments if isinstance(establishments, list) else [None]:
            number += 1
            yield _row(number, ege, entity, day, reading, told)


def _row(
    number: int, ege: object, entity: object, day: date | None, reading: Reading, told: set[str]
) -> Row[StructureRecord]:
    if not isinstance(ege, dict) or not isinstance(entity, dict):
        message = "L'établissement n'est pas un objet JSON, il est illisible."
        return Row(number, refusal=InvalidRow("ege", "json", message))
    if category_of(ege) not in reading.categories:
        return Row(number)
    warnings = [
        Warned(name, "colonne_nouvelle", f"Le champ « {name[:60]} » est inconnu, il est ignoré.")
        for name in unlisted(ege)
        if name not in told
    ]
    told.update(warned.field for warned in warnings)
    try:
        record = transform(ege, entity, day, warnings)
        reading.note(record.source_key, number, "numFinessEge")
    except SkipRow:
        return Row(number)
    except InvalidRow as refusal:
        return Row(number, warnings=tuple(warnings), refusal=refusal)
    return Row(number, record, tuple(warnings))


def _generated_on(path: Path) -> date | None:
    """The day of the file, which tells past closings from announced ones."""
    try:
        value = next(_items(path, "generatedAt", whole=False), None)
    except UnreadableFile:
        return None  # the reading that follows says where the file breaks
    return read_date(text_of(value), "generatedAt", [])


def _items(path: Path, prefix: str, *, whole: bool = True) -> Iterator[Any]:
    """The values at a place of the JSON, one after the other. Raises UnreadableFile."""
    met = 0
    with open_blocks(path) as blocks:
        guarded = _Guarded(path, blocks, MAX_ENTITY if whole else None)
        # Without `use_float`, an integer of more than 4,300 digits crashes the process (ijson 3.6).
        values = ijson.items(guarded, prefix, use_float=True)
        while True:
            try:
                value = next(values)
            except StopIteration:
                break
            except (ijson.JSONError, ValueError, ArithmeticError) as e:
                raise UnreadableFile(
                    f"{path.name} : le JSON est abîmé après {met} entités juridiques ; celles-ci "
                    "ont été lues. Téléchargez le fichier à nouveau."
                ) from e
            met += 1
            guarded.since = 0
            yield value
    if whole and not met:
        raise UnreadableFile(
            f"{path.name} : ce JSON n'a aucune entité juridique (pmej) ; ce n'est pas un fichier "
            "finess-structures."
        )


class _Guarded:
    """Blocks for the parser, refused when they nest or swell as no genuine file does."""

    def __init__(self, path: Path, blocks: Blocks, limit: int | None) -> None:
        self.since = 0  # bytes since the last value
        self._limit = limit
        self._path = path
        self._blocks = blocks
        self._depth = 0
        self._text = 0  # bytes since the last quote

    def read(self, size: int = -1) -> bytes:
        """The next block; raises UnreadableFile."""
        block = self._blocks.read(size)
        self.since += len(block)
        brackets = block.translate(None, _NOT_BRACKETS)
        opened = brackets.count(b"[") + brackets.count(b"{")
        # Brackets in texts count too: they are few, and most are closed.
        self._depth = max(0, self._depth + 2 * opened - len(brackets))
        if self._depth > MAX_DEPTH:
            raise UnreadableFile(f"{self._path.name} : le JSON est imbriqué sans fin.")
        bare = block.replace(b'\\"', b"") if b"\\" in block else block
        end = bare.rfind(b'"')
        self._text = self._text + len(bare) if end < 0 else len(bare) - end - 1
        if self._text > MAX_TEXT:
            raise UnreadableFile(
                f"{self._path.name} : un texte du JSON dépasse {MAX_TEXT // 10**6} Mo, la lecture "
                "s'arrête là."
            )
        if self._limit is not None and self.since > self._limit:
            raise UnreadableFile(
                f"{self._path.name} : {self._limit // 10**6} Mo sans une entité juridique, la "
                "lecture s'arrête là."
            )
        return block
