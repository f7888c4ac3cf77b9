"""Signatures of webhooks, held to the published example of the specification."""

from annuaire.platforms.signing import new_salt, secret_of, signed_headers


def test_the_published_example_is_signed_as_it_says() -> None:
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_secrets_differ_by_webhook_and_by_site() -> None:
    salts = new_salt(), new_salt()
    made = {secret_of(site, salt) for site in ("a", "b") for salt in salts}
    assert len(made) == 4
    assert secret_of("a", salts[0]) in made
