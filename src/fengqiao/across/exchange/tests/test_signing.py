"""Our signatures are those of the Standard Webhooks rules, byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fengqiao.across.exchange import signing

# The example that every implementation of the rules is held to.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE, STAMP, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def told(**other: str) -> dict[str, str]:
    return {"webhook-id": MESSAGE, "webhook-timestamp": str(STAMP), "webhook-signature": SIGNATURE, **other}


def test_the_example_of_the_rules_is_signed_as_the_rules_sign_it():
    assert signing.headers([SECRET], MESSAGE, STAMP, BODY) == told()


def test_the_example_of_the_rules_is_taken_for_genuine():
    assert signing.verifies(SECRET, told(), BODY, STAMP)


@pytest.mark.parametrize(
    ("other", "body", "at"),
    [
        ({"webhook-id": "msg_other"}, BODY, STAMP),
        ({"webhook-signature": "v1,AAAA"}, BODY, STAMP),
        ({"webhook-signature": ""}, BODY, STAMP),
        ({"webhook-signature": SIGNATURE.replace("v1,", "v1a,")}, BODY, STAMP),
        ({"webhook-timestamp": "soon"}, BODY, STAMP),
        ({}, BODY + b" ", STAMP),
        ({}, BODY, STAMP + 301),
        ({}, BODY, STAMP - 301),
    ],
)
def test_what_is_forged_or_old_is_refused(other, body, at):
    assert not signing.verifies(SECRET, told(**other), body, at)


def test_while_a_secret_is_changed_both_verify():
    new = signing.new_secret()
    signed = signing.headers([new, SECRET], MESSAGE, STAMP, BODY)
    assert len(signed["webhook-signature"].split(" ")) == 2
    assert signing.verifies(SECRET, signed, BODY, STAMP)
    assert signing.verifies(new, signed, BODY, STAMP)


@given(st.binary(max_size=200), st.integers(0, 2**40))
def test_whatever_is_signed_verifies(body, stamp):
    secret = signing.new_secret()
    assert signing.verifies(secret, signing.headers([secret], "msg_x", stamp, body), body, stamp)


def test_a_secret_lies_sealed_and_opens_again():
    secret = signing.new_secret()
    assert secret.encode() not in signing.sealed(secret)
    assert signing.unsealed(signing.sealed(secret)) == secret


def test_a_secret_sealed_under_another_key_is_lost(settings):
    kept = signing.sealed(SECRET)
    settings.SECRET_KEY = "another"
    with pytest.raises(signing.SecretLost):
        signing.unsealed(kept)
