"""The version of the knowledge that reads records: changes when a rule or a word does."""

import hashlib
from functools import cache
from pathlib import Path

ROOMS = ("activities", "clauses", "law")


@cache
def knowledge_digest() -> str:
    """A digest of the rooms whose rules and words decide what is found in a record.

    Part of every record's hash, so that a new rule is applied at the next reading of a source.
    """
    digest = hashlib.blake2b(digest_size=8)
    package = Path(__file__).resolve().parent
    for room in ROOMS:
        for path in sorted((package / room).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(package).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
