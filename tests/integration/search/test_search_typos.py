"""A typo or a missing accent does not lose what the right spelling finds first."""

from annuaire.bench.typos import damages, lost
from search.engine import Engine
from tests.integration.search.register import GENERATED, GENERATED_SEED

CASES = 400
KEPT_SHARE = 0.98


def test_typos_and_accents_keep_the_first_hit_found(generated: Engine) -> None:
    tried, losses = lost(generated, damages(CASES, GENERATED, GENERATED_SEED))
    assert tried >= CASES * 0.9
    assert 1 - len(losses) / tried >= KEPT_SHARE, losses
