"""Several commands in one process, given as JSON: starting takes longer than most of them."""

import json
import sys

from annuaire.cli import annuaire

for words in json.loads(sys.argv[1]):
    annuaire(words, standalone_mode=False)
