"""Every source says at which rhythm it is published, in a word that freshness understands."""

import pytest

from annuaire.freshness import RHYTHM_DAYS
from annuaire.structures.samples import SAMPLE_SOURCE
from importers.descriptions import DESCRIPTIONS

#: What is not published: what we look up, infer or are sent, and the sample.
OURS = {SAMPLE_SOURCE, "ban", "attributions", "profil", "depot"}


@pytest.mark.parametrize("name", sorted(set(DESCRIPTIONS) - OURS))
def test_rhythm_of_a_source_is_known(name: str) -> None:
    assert DESCRIPTIONS[name].frequency in RHYTHM_DAYS
