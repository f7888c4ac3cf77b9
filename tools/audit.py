"""Ask whether a locked dependency has a known vulnerability: `make audit`, and the end of CI.

Fails (1) when one has, and names it. Where the advisory service cannot be reached, says so and
passes: a build must not depend on it. Takes a minute at most.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 60  # seconds
COMMAND = (
    sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / "requirements.lock"),
    "--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off",
    "--timeout", "5",
)  # fmt: skip


def asked(command: tuple[str, ...] = COMMAND) -> list[dict[str, Any]] | None:
    """What the service says of each dependency; None when it could not be asked."""
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            command, capture_output=True, text=True, timeout=LONGEST, check=False
        )
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return None
    return found


def verdict(found: list[dict[str, Any]] | None) -> tuple[int, str]:
    """The exit status, and what to say."""
    heard = [each for each in found or () if "vulns" in each]
    if not heard:
        return 0, "Dépendances non vérifiées : le service d’avis ne répond pas."
    bad = [
        f"{each['name']} {each['version']} : {vuln['id']}, corrigé dans "
        f"{', '.join(vuln.get('fix_versions', ())) or 'aucune version'}"
        for each in heard
        for vuln in each["vulns"]
    ]
    if bad:
        return 1, "\n".join(["Dépendances vulnérables :", *bad])
    return 0, f"{len(heard)} dépendances vérifiées, aucune vulnérabilité connue."


if __name__ == "__main__":
    status, said = verdict(asked())
    print(said)
    sys.exit(status)
