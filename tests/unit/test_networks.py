"""What counts as one address: who is given a whole network is one who asks."""

import pytest

from annuaire.networks import network


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("unix:", None, True),
    ],
)
def test_network_is_what_one_holds(first: str, second: str | None, one: bool) -> None:
    assert (network(first) == network(second)) is one
