"""Write annuaire/accounts/data/common_passwords.txt from Django's list: for developers.

`python tools/make_common_passwords.py django-5.2.19-py3-none-any.whl` reads the wheel, which is not
a dependency of ours. Those shorter than what we accept are left out, and those that are no ASCII.
"""

import gzip
import sys
import zipfile
from pathlib import Path

LIST = "django/contrib/auth/common-passwords.txt.gz"
OUT = Path(__file__).parent.parent / "annuaire" / "accounts" / "data" / "common_passwords.txt"
SHORTEST = 12
HEAD = """\
# Passwords of 12 characters or more among the 20,000 most common of public leaks, one a line.
# Source: {wheel}, {name} (list by Royce Williams; Django is under the BSD licence, 3 clauses).
# Made by tools/make_common_passwords.py. Words that make common passwords: common_words.txt.
"""


def main() -> None:
    wheel = Path(sys.argv[1])
    with zipfile.ZipFile(wheel) as archive:
        lines = gzip.decompress(archive.read(LIST)).decode("utf-8").splitlines()
    kept = sorted({w for w in lines if len(w) >= SHORTEST and w.isascii() and w.isprintable()})
    OUT.write_text(HEAD.format(wheel=wheel.name, name=LIST) + "\n".join(kept) + "\n", "utf-8")
    print(f"{len(kept)} mots de passe.")


if __name__ == "__main__":
    main()
