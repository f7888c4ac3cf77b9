"""A typo or a missing accent does not lose what the right spelling finds first."""

from dataclasses import replace
from itertools import islice

from annuaire.bench.typos import damages, lost
from search.engine import Engine, Query, Terms
from tests.integration.search.register import GENERATED, GENERATED_SEED

CASES = 400
KEPT_SHARE = 0.98


def test_typos_and_accents_keep_the_first_hit_found(generated: Engine) -> None:
    tried, losses = lost(generated, damages(CASES, GENERATED, GENERATED_SEED))
    assert tried >= CASES * 0.9
    assert 1 - len(losses) / tried >= KEPT_SHARE, losses


def test_a_count_forgives_the_typos_that_the_list_forgives(generated: Engine) -> None:
    for damage in islice(damages(CASES, GENERATED, GENERATED_SEED), 60):
        query = Query(damage.wrong, filters=(Terms("departement", ("59", "62")),))
        counted = generated.search("structures", replace(query, limit=0)).total
        assert counted == generated.search("structures", query).total, damage
