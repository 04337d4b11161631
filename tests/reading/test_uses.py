"""What a sentence takes an algorithm for, and what follows from it."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.crypto import assess_prose
from pytest_etsi.assessment.findings import unknowns, violations
from pytest_etsi.assessment.reading.uses import uses_of


@pytest.mark.parametrize(
    ("sentence", "subject", "uses"),
    [
        ("Passwords are stored as MD5.", "", {"password-storage"}),
        ("Das Kennwort liegt als MD5 vor.", "", {"password-storage"}),
        ("Hasła są przechowywane jako MD5.", "", {"password-storage"}),
        ("パスワードは MD5 で保存されます。", "", {"password-storage"}),
        ("Only its MD5 value is stored.", "login", {"password-storage"}),
        ("Only its MD5 value is stored.", "", set()),
        ("The page answers an MD5-based challenge.", "login", {"challenge"}),
        ("It computes MD5(name:realm:password).", "login", {"challenge"}),
        ("It computes MD5(password).", "login", {"challenge"}),
        ("It computes MD5(password).", "", set()),
        ("The image is signed with RSA and SHA-1.", "update", {"signature"}),
        ("Its origin is proved by an MD5.", "update", {"authentication"}),
        ("Its origin is proved by an MD5.", "boot", {"authentication"}),
        ("Its origin is proved by an MD5.", "channel", set()),
        ("An MD5 check over the bytes that arrive.", "update", {"transfer"}),
        ("Une somme MD5 contrôle le transfert.", "update", {"transfer"}),
        ("The ETag is an MD5.", "", {"identifier"}),
        ("MD5 is used.", "", set()),
    ],
)
def test_a_use_is_recognised_by_its_words(sentence, subject, uses) -> None:
    assert uses_of(sentence, subject) == uses


@pytest.mark.parametrize(
    ("text", "subject", "use"),
    [
        ("Only its MD5 value is stored.", "parameter", "to store a password"),
        ("The page answers an MD5-based challenge.", "login", "to answer a challenge at login"),
        (
            "It computes MD5(name:realm:password) before it sends the answer.",
            "login",
            "to answer a challenge at login",
        ),
        ("Signed with md5WithRSAEncryption.", "update", "to sign"),
        ("The image is signed with SHA-1.", "update", "to sign"),
        (
            "The update is authenticated by its MD5 checksum.",
            "update",
            "to authenticate what is installed or started",
        ),
        ("RC4 is used for the stream.", "channel", "to encrypt"),
        ("Der Strom wird mit RC4 verschlüsselt.", "channel", "to encrypt"),
        ("The web server supports TLS 1.0.", "channel", "as the protocol"),
        ("Keys come with Dual_EC_DRBG.", "", "to make random values"),
        ("The key is signed using RSA-1024.", "", "as a key"),
    ],
)
def test_a_refutation_names_the_sentence_and_what_it_takes_the_algorithm_for(text, subject, use) -> None:
    found = violations(assess_prose(text, subject))

    assert found
    for one in found:
        assert f"takes it {use}: {text!r}" in one.message
        assert one.found == text


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (
            "While it writes, the tool makes an MD5 check over the bytes that arrive. Then ECDSA is verified.",
            "update",
        ),
        ("Die Übertragung wird per MD5-Prüfsumme geprüft; die ECDSA-Signatur wird geprüft.", "update"),
        ("The file name holds an MD5.", "update"),
        ("The SHA-1 thumbprint identifies the certificate.", "channel"),
        ("RC4 is disabled.", "channel"),
        ("TLS 1.3。不使用 MD5、SHA-1 或 RC4。", "channel"),
        ("https://example.com/why-we-use-md5-and-rc4", "channel"),
        ("AES-128-CBC with HMAC-SHA1-96.", "channel"),
    ],
)
def test_a_harmless_use_and_a_denial_are_no_matter(text, subject) -> None:
    assert assess_prose(text, subject) == ()


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("MD5 is used.", "update"),
        ("MD5 is used. ECDSA on P-256.", "update"),
        ("The manifest holds an SHA-1 of each file and is signed with Ed25519.", "update"),
        ("Depending on the client SHA-256 or MD5 digests are used.", "login"),
        ("RC4 may be used with old peers.", "channel"),
        ("RC4 is off unless the owner turns it on.", "channel"),
        ("Integrity of the messages: MD5.", "channel"),
        ("Some prose about MD5 and the like.", "channel"),
        ("TLS 1.0 is supported by the library, but not in our build.", "channel"),
    ],
)
def test_doubt_is_shown_with_its_sentence_and_refutes_nothing(text, subject) -> None:
    found = assess_prose(text, subject)

    assert not violations(found)
    assert len(unknowns(found)) == 1
    assert unknowns(found)[0].found in text


def test_a_real_signature_elsewhere_in_the_text_makes_a_checksum_doubtful() -> None:
    alone = "The update is authenticated by its MD5 checksum."

    assert violations(assess_prose(alone, "update"))
    assert not violations(assess_prose(f"{alone} The package has an Ed25519 signature.", "update"))
