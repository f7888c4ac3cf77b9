"""The helper process that opens documents: whatever a file does, only this process ends.

Run as a script by `annuaire.documents.apart`, under limits of memory and processor; the document
comes on standard input, one JSON object goes out: an analysis, or `{"refused": code}`.
"""

import json
import resource
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = 64 << 20  # bytes that may be written


def limit(seconds: int, memory_mb: int) -> None:
    """Bound what this process may take, before any library is loaded."""
    memory = memory_mb << 20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(asked: str) -> bytes:
    """The answer for the document on standard input; `asked` holds the limits and the kind."""
    options = json.loads(asked)
    limit(options["limits"]["seconds"], options["limits"]["memory_mb"])
    # The project is not on the path of an isolated interpreter; loaded under the limits.
    sys.path.insert(0, str(ROOT))
    from annuaire.documents.analysing import analyse
    from annuaire.documents.extracting import extract
    from annuaire.documents.limits import Limits
    from annuaire.documents.packing import packed
    from annuaire.documents.refusals import Refused

    limits = Limits(**options["limits"])
    try:
        document = extract(sys.stdin.buffer.read(limits.size + 1), limits, options["kind"])
    except Refused as refusal:
        return _refused(refusal.code)
    except MemoryError:
        return _refused("too_heavy")
    except Exception:  # noqa: BLE001 - what a library raises on a damaged file has no end
        return _refused("broken")
    return packed(analyse(document))


def _refused(code: str) -> bytes:
    return json.dumps({"refused": code}).encode()


if __name__ == "__main__":
    sys.stdout.buffer.write(main(sys.argv[1]))
