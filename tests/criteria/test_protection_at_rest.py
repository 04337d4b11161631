"""What the words of a protection scheme refute, and what they leave to a person."""

from __future__ import annotations

import pytest
from documents import ixit_of

from pytest_etsi import criteria

GUARANTEED = "Confidentiality and integrity."


def kinds(scheme, *, guarantees=GUARANTEED, **parts):
    parameter = {
        "ID": "one",
        "Description": "A secret.",
        "Type": "critical",
        "Security Guarantees": guarantees,
        "Protection Scheme": scheme,
    }
    ixit = ixit_of({"10-SecParam": [parameter | parts]})
    found = criteria.parameters.protection(ixit.sec_param[0], ixit)
    return {finding.kind for finding in found} - {"note"}


@pytest.mark.parametrize(
    "scheme",
    [
        "The flash memory is not encrypted at rest.",
        "THE FILE IS UNENCRYPTED.",
        "Stored in plain text.",
        "The token is base64-encoded before it is written.",
        "XORed with a constant.",
        "It lies on the memory card without encryption.",
        "Liegt ohne Verschlüsselung auf der Karte.",
        "Stocké sans chiffrement.",
        "Guardado sin cifrado.",
        "Salvato senza cifratura.",
        "Zonder versleuteling opgeslagen.",
        "Zapisane bez szyfrowania.",
        "Guardado sem criptografia.",
        "Uloženo bez šifrování.",
        "Lagras utan kryptering.",
        "Liegt unverschlüsselt im Flash.",
        "Stocké en clair.",
        "Se guarda en texto claro.",
        "Salvato in chiaro.",
        "Onversleuteld opgeslagen.",
        "Przechowywane w postaci jawnej.",
        "Guardado em texto simples.",
        "Uloženo nešifrovaně.",
        "Lagras okrypterat.",
        "以明文存储。",
        "平文で保存。",
    ],
)
def test_what_lies_open_is_not_confidential(scheme) -> None:
    assert kinds(scheme) == {"violation"}


@pytest.mark.parametrize(
    "scheme",
    [
        "Never in clear text.",
        "Nothing is stored without encryption.",
        "AES-256-GCM under a key of the hardware.",
        "Nichts liegt im Klartext.",
        "Jamais en clair.",
        "Sealed by the TPM.",
    ],
)
def test_what_does_not_lie_open_refutes_nothing(scheme) -> None:
    assert kinds(scheme) == set()


@pytest.mark.parametrize(
    "scheme",
    [
        "The flash is unencrypted. The value itself is wrapped with a key in fuses.",
        "The file is unencrypted; permissions 0600, root.",
        "In plain text if the owner wants it.",
    ],
)
def test_what_may_be_hidden_all_the_same_is_for_a_person(scheme) -> None:
    assert kinds(scheme) == {"unknown"}


def test_only_what_is_to_be_confidential_has_to_be_hidden() -> None:
    scheme = "The file is not encrypted."

    assert kinds(scheme, guarantees="Integrity. No confidentiality.") == set()
    assert kinds(scheme, guarantees="Integrity.", facts={"guarantees": ["integrity"]}) == set()
    assert kinds(scheme, guarantees="See the concept.") == {"unknown"}
    assert kinds(scheme, guarantees="See the concept.", facts={"guarantees": ["confidentiality"]}) == {
        "violation"
    }


def test_a_fast_hash_protects_a_password_and_not_less_what_cannot_be_guessed() -> None:
    stored = "Only its MD5 value is stored."

    assert kinds(stored, Description="The password of the administrator.") == {"violation"}
    assert kinds(stored, facts={"purpose": ["user-authentication"]}) == {"violation"}
    assert kinds(stored, Description="A token of 128 random bits.") == {"unknown"}
    assert kinds("Stored with bcrypt.", Description="The password of the administrator.") == set()


def test_what_is_refuted_names_the_sentence_its_line_and_its_field() -> None:
    ixit = ixit_of(
        {
            "10-SecParam": [
                {"ID": "one", "Description": "Key", "Type": "critical", "Security Guarantees": GUARANTEED,
                 "Protection Scheme": "Kept in a file. The file is not encrypted."}
            ]
        }
    )  # fmt: skip
    (found,) = criteria.parameters.protection(ixit.sec_param[0], ixit).violations

    assert found.found == "The file is not encrypted."
    assert found.found in found.message
    assert found.place is not None
    assert found.place.field == "Protection Scheme"
    assert found.place.source.partition(".yaml:")[2]


@pytest.mark.parametrize(
    ("hashing", "at_rest", "found"),
    [
        ({"use": "password-storage", "algorithm": "MD5"}, "hashed", {"violation"}),
        ({"use": "password-storage", "algorithm": "SHA-256"}, None, {"violation"}),
        (
            {
                "use": "password-storage",
                "algorithm": "scrypt",
                "parameters": {"n": 131072, "r": 8, "p": 1, "salt_bits": 128},
            },
            "hashed",
            set(),
        ),
        ({"use": "hash", "algorithm": "SHA-256"}, "encrypted", {"violation"}),
        (None, "hashed", set()),
    ],
)
def test_how_a_parameter_is_hashed_is_held_against_public_references(hashing, at_rest, found) -> None:
    facts = {"at_rest": at_rest} | ({"hashing": hashing} if hashing else {})

    assert kinds("A salted hash.", facts={name: said for name, said in facts.items() if said}) == found
