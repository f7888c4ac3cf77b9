"""Copy the few front-end files that the site serves out of node_modules.

Run after `npm ci --ignore-scripts`: `python tools/copy_assets.py`. Fills the git-ignored folder
annuaire/static/vendor/, and derives `bootstrap-dark.css`: Bootstrap's own dark rules, which wait
for an attribute that only a script could set, made to follow the system's preference instead.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "annuaire" / "static" / "vendor"

FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/LICENSE": "bootstrap.LICENSE",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE",
    "leaflet/dist/leaflet.css": "leaflet.css",
    "leaflet/dist/leaflet.js": "leaflet.js",
    "leaflet/LICENSE": "leaflet.LICENSE",
    "leaflet.markercluster/dist/MarkerCluster.css": "markercluster.css",
    "leaflet.markercluster/dist/leaflet.markercluster.js": "markercluster.js",
    "leaflet.markercluster/MIT-LICENCE.txt": "markercluster.LICENSE",
}

_DARK = "[data-bs-theme=dark]"
_DARK_RULE = re.compile(r"^\[data-bs-theme=dark\]([^{},]*)\{([^}]*)\}", re.MULTILINE)
_SOURCE_MAP = re.compile(r"\n?(/\*|//)[#@] sourceMappingURL=.*?(\*/|$)", re.MULTILINE)


def dark_rules(css: str) -> str:
    """Bootstrap's dark rules, applied when the system asks for dark and never on paper.

    Raises ValueError when `css` holds none: Bootstrap would have changed its way.
    """
    rules = [
        f":root{' ' + rest.strip() if rest.strip() else ''} {{{body}}}"
        for rest, body in _DARK_RULE.findall(css)
    ]
    if not rules:
        raise ValueError(f"no rule for {_DARK} in Bootstrap's stylesheet")
    return "@media screen and (prefers-color-scheme: dark) {\n" + "\n".join(rules) + "\n}\n"


def copy_assets(modules: Path = MODULES, vendor: Path = VENDOR) -> list[Path]:
    """Fill `vendor`; returns the files written. Raises FileNotFoundError naming what is missing."""
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    written = []
    for source, name in FILES.items():
        text = (modules / source).read_text(encoding="utf-8")
        written.append(vendor / name)
        written[-1].write_text(_SOURCE_MAP.sub("", text), encoding="utf-8")
    dark = dark_rules((modules / "bootstrap/dist/css/bootstrap.css").read_text(encoding="utf-8"))
    written.append(vendor / "bootstrap-dark.css")
    written[-1].write_text(dark, encoding="utf-8")
    return written


def main() -> int:
    try:
        written = copy_assets()
    except FileNotFoundError as missing:
        print(f"{missing.filename} is missing: run `npm ci --ignore-scripts`", file=sys.stderr)
        return 2
    size = sum(path.stat().st_size for path in written)
    print(f"{len(written)} files, {size // 1000} kB, in {VENDOR.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
