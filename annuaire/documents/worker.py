"""The helper process that opens documents: whatever a file does, only this process ends.

Run as a script by `annuaire.documents.apart`, under limits of memory and processor; the document
comes on standard input, one JSON object goes out: an analysis, or `{"refused": code}`.
"""

import json
import os
import resource
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = 64 << 20  # bytes that may be written


def limit(seconds: int, memory_mb: int) -> None:
    """Bound what this process may take, before any library is loaded; pages come before it."""
    os.nice(10)
    memory = memory_mb << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(data: bytes, limits: dict[str, int], kind: str | None) -> bytes:
    """The JSON object that goes out: whatever the bytes are, an analysis or a refusal."""
    # The project is not on the path of an isolated interpreter, and is loaded under the limits.
    from annuaire.documents.analysing import analyse
    from annuaire.documents.extracting import extract
    from annuaire.documents.limits import Limits
    from annuaire.documents.packing import packed
    from annuaire.documents.refusals import Refused

    try:
        document = extract(data, Limits(**limits), kind)  # type: ignore[arg-type]  # from our caller
    except Refused as refusal:
        return _refused(refusal.code)
    except MemoryError:
        return _refused("too_heavy")
    except Exception:  # noqa: BLE001 - what a library raises on a damaged file has no end
        return _refused("broken")
    return packed(analyse(document))


def _refused(code: str) -> bytes:
    return json.dumps({"refused": code}).encode()


def main(asked: str) -> None:
    """Read the document on standard input and write the answer; `asked` holds limits and kind."""
    options = json.loads(asked)
    limits = options["limits"]
    limit(limits["seconds"], limits["memory_mb"])
    sys.path.insert(0, str(ROOT))
    data = sys.stdin.buffer.read((limits["size_mb"] << 20) + 1)
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # what a library prints is no answer
    out.write(answer(data, limits, options["kind"]))
    out.flush()


if __name__ == "__main__":
    main(sys.argv[1])
