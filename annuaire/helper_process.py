"""A file opened by a process of its own: whatever it does, only that process ends. The file comes
from memory and has no name on the disk, so that nothing of it stays."""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import orjson


def run_helper(script: Path, asked: Mapping[str, Any], file: IO[bytes], seconds: int) -> bytes:
    """What a script of ours answers of a file, from its beginning; when it was stopped, after
    `seconds` of the clock or by its own limits, nothing or a part. `asked` is its argument, as
    JSON; `file` has a number of its own on the system (no BytesIO)."""
    file.seek(0)
    command = [sys.executable, "-I", str(script), orjson.dumps(asked).decode()]
    with tempfile.TemporaryFile() as out:
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(  # noqa: S603 - our own script; the file is its standard input
                command,
                stdin=file,
                stdout=out,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                check=False,
            )
        out.seek(0)
        return out.read()
