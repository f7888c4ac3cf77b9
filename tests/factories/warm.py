"""Read by the process from which commands are forked: what each would else read again."""

from annuaire.activities.inferring import infer
from annuaire.geo.gazetteer import gazetteer

gazetteer()
infer("Nettoyage de locaux", None, None)
