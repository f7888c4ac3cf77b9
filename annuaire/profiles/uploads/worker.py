"""The helper process that opens what structures send, run as a script by `apart`: the file comes
on standard input; one line of JSON goes out, with the lengths of the files that follow it, or
`{"refused": code}`."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def answer(data: bytes, kind: str) -> tuple[dict[str, object], list[bytes]]:
    """What goes out for a "picture" or a "proof"."""
    # Loaded under the limits.
    from annuaire.profiles.uploads.pictures import MEDIA_TYPE, encoded
    from annuaire.profiles.uploads.refusals import Refused

    try:
        if kind == "proof":
            from annuaire.profiles.uploads.proofs import PDF, checked

            files = checked(data)
            media_type = PDF if 0 in files else MEDIA_TYPE
        else:
            files, media_type = encoded(data), MEDIA_TYPE
    except Refused as refusal:
        return {"refused": refusal.code}, []
    except MemoryError:
        return {"refused": "too_heavy"}, []
    except Exception:  # noqa: BLE001 - what a library raises on a damaged file has no end
        return {"refused": "broken"}, []
    lengths = {str(width): len(file) for width, file in files.items()}
    return {"media_type": media_type, "lengths": lengths}, list(files.values())


def main(asked: str) -> None:
    """Read the file on standard input and write the answer."""
    options = json.loads(asked)
    # The project is not on the path of an isolated interpreter.
    sys.path.insert(0, str(ROOT))
    from annuaire.documents.worker import limit

    limit(options["seconds"], options["memory_mb"])
    data = sys.stdin.buffer.read((options["size_mb"] << 20) + 1)
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # what a library prints is no answer
    head, files = answer(data, options["kind"])
    out.write(json.dumps(head).encode() + b"\n" + b"".join(files))
    out.flush()


if __name__ == "__main__":
    main(sys.argv[1])
