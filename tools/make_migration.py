"""Write the migration that leads from the last one to the models: for developers.

`python tools/make_migration.py 0002 "Keep the accounts"` migrates an empty SQLite database to the
newest form, compares it with the models, and writes the difference in annuaire/migrations/versions.
Read what it wrote before you commit it.
"""

import sys
import tempfile
from pathlib import Path

from sqlalchemy import create_engine

# This checkout's own code and folder, whichever one the environment was installed from.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annuaire.migrate import make_revision, upgrade


def main() -> None:
    revision, message = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        upgrade(engine)
        make_revision(engine, message, revision)
        engine.dispose()


if __name__ == "__main__":
    main()
