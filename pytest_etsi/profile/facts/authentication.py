"""Facts and access of 1-AuthMech: one way in which a user or a machine authenticates to the device (5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._handed import reveal
from pytest_etsi.profile._types import (
    AuthMechName,
    Body,
    Endpoints,
    FilePath,
    Form,
    Headers,
    HttpMethod,
    Name,
    NonNegativeFloat,
    NonNegativeInt,
    Port,
    PositiveInt,
    Regex,
    Secret,
    StatusCode,
    Strict,
    Text,
    Url,
    is_file,
)
from pytest_etsi.profile.facts.brute_force import BruteForceFacts
from pytest_etsi.profile.facts.common import DeviceState
from pytest_etsi.profile.facts.logging_in import LoginStep, Taken
from pytest_etsi.profile.facts.protection import CryptographyFacts, Guarantee, SshFacts, TlsFacts
from pytest_etsi.profile.private_key import read_private_key

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "AuthMechAccess",
    "AuthMechFacts",
    "ChangeAccess",
    "ChangeFacts",
    "Factor",
    "FirstStartAccess",
    "FormFields",
    "GenerationFacts",
    "LogoutAccess",
    "PasswordFacts",
    "SecondAccount",
    "SuccessAccess",
]


Factor = Literal["password", "certificate", "key", "token", "biometric", "pin"]
_NAMED_ALPHABETS = {
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "digits": "0123456789",
    "alnum": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "hex": "0123456789abcdef",
    "base32": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
}


class GenerationFacts(Strict):
    """How a password comes about that the user did not choose."""

    method: Literal["random", "keyed-derivation", "hash", "counter", "constant"] | None = Field(
        default=None, description="How the value is made."
    )
    inputs: tuple[
        Literal[
            "random", "secret-key", "mac", "serial", "chip-id", "model", "ssid", "firmware", "date", "counter"
        ],
        ...,
    ] = Field(default=(), description="What goes into it.")
    length: PositiveInt | None = Field(default=None, description="Characters, the prefix included.")
    alphabet: Text | None = Field(
        default=None,
        description="The characters themselves, or one of lower, upper, digits, alnum, hex, base32.",
    )
    prefix: Text = Field(default="", description="Leading part that is the same on every device.")
    random_bits: NonNegativeFloat | None = Field(
        default=None, description="Bits that come from a random generator."
    )
    production_volume: PositiveInt | None = Field(
        default=None, description="Devices made with this mechanism, planned or done."
    )
    examples: tuple[Text, ...] = Field(
        default=(), description="Passwords it has generated, of devices not in use."
    )

    @property
    def characters(self) -> frozenset[str] | None:
        """The characters that the generated part is drawn from; None: not stated."""
        if self.alphabet is None:
            return None
        return frozenset(_NAMED_ALPHABETS.get(self.alphabet, self.alphabet))


class PasswordFacts(Strict):
    """Claims about the passwords of a mechanism."""

    origin: Literal["user-defined", "pre-installed", "device-generated"] | None = Field(
        default=None, description="Who sets the password in the initialized state."
    )
    min_length: PositiveInt | None = Field(
        default=None, description="Fewest characters that the device accepts."
    )
    max_length: PositiveInt | None = Field(
        default=None, description="Most characters that the device accepts."
    )
    rejects_common: bool | None = Field(default=None, description="Whether common passwords are refused.")
    generation: GenerationFacts | None = Field(
        default=None, description="For passwords the user does not choose."
    )

    @model_validator(mode="after")
    def _lengths_in_order(self) -> PasswordFacts:
        if self.min_length is not None and self.max_length is not None and self.max_length < self.min_length:
            raise PydanticCustomError("etsi_lengths", "max_length is smaller than min_length", {})
        return self


class ChangeFacts(Strict):
    """Claims about changing the authentication value."""

    supported: bool | None = Field(
        default=None, description="Whether the user or an administrator can change it."
    )


class AuthMechFacts(Strict):
    """Typed claims of an entry of 1-AuthMech."""

    subject: Literal["user", "machine"] | None = Field(default=None, description="Who authenticates.")
    interface: Literal["network", "local"] | None = Field(
        default=None, description="network: it can be addressed directly over a network interface."
    )
    endpoint: Endpoints = Field(default=(), description="Where it answers: 443/tcp, or a list of such.")
    factors: tuple[Factor, ...] = Field(default=(), description="What is presented.")
    states: tuple[DeviceState, ...] = Field(
        default=("initialized",), description="Device states in which it can be used."
    )
    mentions: tuple[Text, ...] = Field(default=(), description="Words by which the user manual refers to it.")
    password: PasswordFacts | None = Field(default=None, description="Claims about its passwords.")
    guarantees: tuple[Guarantee, ...] = Field(
        default=(), description="Security properties it is meant to give."
    )
    tls: TlsFacts | None = Field(default=None, description="Claims about TLS.")
    ssh: SshFacts | None = Field(default=None, description="Claims about SSH.")
    cryptography: tuple[CryptographyFacts, ...] = Field(
        default=(), description="Cryptography beside the channel."
    )
    brute_force: BruteForceFacts | None = Field(default=None, description="What stops repeated guessing.")
    change: ChangeFacts | None = Field(
        default=None, description="Claims about changing the authentication value."
    )


class SecondAccount(Strict):
    """Another account of the same mechanism."""

    username: Text
    password: Secret = Field(repr=False)


class LogoutAccess(Strict):
    """The request that ends a session."""

    method: HttpMethod = "POST"
    url: Url


class FormFields(Strict):
    """Names of the form or JSON fields of a login."""

    username: Text = "username"
    password: Text = "password"  # noqa: S105 - the name of a form field
    constant: Form = Field(
        default_factory=dict, description="Further fields that are always sent: client_id, grant_type, scope."
    )


class SuccessAccess(Strict):
    """How a successful login is told from a refused one; everything stated has to hold."""

    status: tuple[StatusCode, ...] = Field(default=(), description="HTTP status of a success.")
    body: Regex | None = Field(default=None, description="Regular expression found in the body of a success.")
    header: Text | None = Field(default=None, description="Name of a header that only a success carries.")


class ChangeAccess(Strict):
    """The request that changes the password; ``{old}`` and ``{new}`` stand for the values."""

    method: HttpMethod = "POST"
    url: Url
    json_body: Body = Field(default=None, alias="json", description="JSON body.")
    form: Form | None = Field(default=None, description="Form body.")
    headers: Headers = Field(default_factory=dict)
    expect: tuple[StatusCode, ...] = Field(default=(200, 204), description="HTTP status of a success.")
    session_of: AuthMechName | None = Field(
        default=None,
        description="ID of the entry in whose session it is sent; left out: in a session of this one.",
    )


class FirstStartAccess(Strict):
    """The request that sets the first password in factory default; ``{password}`` stands for the value."""

    method: HttpMethod = "POST"
    url: Url
    json_body: Body = Field(default=None, alias="json", description="JSON body.")
    form: Form | None = Field(default=None, description="Form body.")
    headers: Headers = Field(default_factory=dict)
    expect: tuple[StatusCode, ...] = Field(
        default=(200, 204), description="HTTP status when the password is accepted."
    )
    refused: tuple[StatusCode, ...] = Field(
        default=(400, 403, 422), description="HTTP status when it is refused."
    )


class AuthMechAccess(Strict):
    """How a program authenticates by an entry of 1-AuthMech."""

    driver: Name | None = Field(
        default=None,
        description="https-form, http-json, http-steps, http-basic, http-digest, ssh, mqtt, rtsp, telnet, or one of "
        "the project's.",
    )
    url: Url | None = Field(default=None, description="Where an http driver logs in.")
    host: Text | None = Field(
        default=None, description="Host of the other drivers; one of access.network.hosts."
    )
    port: Port | None = Field(default=None, description="Port of the other drivers.")
    path: Text = Field(default="/", description="Path of the stream, for the driver rtsp.")
    username: Text | None = None
    password: Secret | None = Field(default=None, repr=False)
    passphrase: Secret | None = Field(
        default=None, repr=False, description="By which the private key in key is encrypted."
    )
    key: FilePath | None = Field(
        default=None,
        description="Private key (OpenSSH or PEM) by which the driver ssh logs in, in place of a password.",
    )
    second_account: SecondAccount | None = Field(
        default=None, description="Another account of the same mechanism."
    )
    logout: LogoutAccess | None = Field(default=None, description="How a session is ended, over HTTP.")
    fields: FormFields = Field(default=FormFields(), description="Names of the form or JSON fields.")
    page: Url | None = Field(
        default=None,
        description="Page that is read before the drivers https-form and http-json log in, for hidden fields and "
        "cookies; https-form reads url where it is left out.",
    )
    steps: tuple[LoginStep, ...] = Field(
        default=(), description="Requests by which the driver http-steps logs in, in order."
    )
    token: Taken | None = Field(
        default=None,
        description="Where the driver http-json finds the token in the answer; {token} stands for it.",
    )
    send: Headers = Field(
        default_factory=dict,
        description="Headers in which every later request of a session carries what was taken: X-Auth: '{token}'.",
    )
    success: SuccessAccess = Field(
        default=SuccessAccess(), description="How a success is told from a refusal."
    )
    protected_url: Url | None = Field(
        default=None, description="A GET of it is refused without this authentication."
    )
    change: ChangeAccess | None = Field(default=None, description="The request that changes the password.")
    guess_budget: NonNegativeInt | None = Field(
        default=None, description="Most wrong attempts that a brute-force unit may send here."
    )
    first_start: FirstStartAccess | None = Field(
        default=None, description="The request that sets the first password."
    )

    @field_validator("key")
    @classmethod
    def _is_a_key(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if key is not None and is_file(key):
            try:
                read_private_key(key, reveal(info.data.get("passphrase")))
            except ValueError as problem:
                raise PydanticCustomError("etsi_private_key", "{why}", {"why": str(problem)}) from None
        return key

    @model_validator(mode="after")
    def _key_in_place_of_a_password(self) -> AuthMechAccess:
        if self.key is None:
            if self.passphrase is not None:
                raise PydanticCustomError("etsi_key", "passphrase goes with key, which is missing", {})
            return self
        if self.driver != "ssh":
            raise PydanticCustomError("etsi_key", "key goes with the driver ssh", {})
        others = ("password", "second_account", "change", "first_start")
        if other := next((name for name in others if getattr(self, name) is not None), ""):
            raise PydanticCustomError("etsi_key", "expected either key or {other}", {"other": other})
        return self
