"""The version of what reads files: changes when a reader or a rule does."""

import hashlib
from functools import cache
from pathlib import Path

from annuaire import geo
from annuaire.knowledge import knowledge_digest


@cache
def rules_digest() -> str:
    """A digest of the readers, of the gazetteer that places what they read, and of the knowledge
    that is part of every record: a file read whole under it need not be read again."""
    digest = hashlib.blake2b(knowledge_digest().encode(), digest_size=8)
    for package in (Path(__file__).parent, Path(geo.__file__).parent):
        for path in sorted(package.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(package).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
