"""What the profile hands to a device, a bench, a service or a program: secret by its position, unless marked otherwise.

Each value at such a position is of a type of its own, which is shown as a mask and knows what of it must not be seen.
`reveal` lets it out, and nothing else does.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, Self
from urllib.parse import unquote, unquote_plus, urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core.core_schema import no_info_wrap_validator_function, plain_serializer_function_ser_schema

from pytest_etsi.profile._yaml import Plain
from pytest_etsi.redaction import MASK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

__all__ = [
    "Body",
    "Form",
    "Handed",
    "HandedLine",
    "HandedNumber",
    "HandedText",
    "HandedTexts",
    "HandedUrl",
    "Headers",
    "Json",
    "Line",
    "PublicText",
    "Secret",
    "SecretText",
    "handed",
    "reveal",
]

_TEMPLATE = re.compile(r"\{[A-Za-z_][A-Za-z0-9_]*\}")
_SCHEME = re.compile(
    r"(?:Basic|Bearer|Digest|Token|Negotiate|Hawk|HMAC|DPoP|OAuth|ApiKey|Api-Key)[ \t]+(?=\S)", re.IGNORECASE
)
_BASIC = re.compile(r"[A-Za-z0-9+/_-]{4,}={0,2}")
_LEAST = 4
"""Shorter values, in characters, that are no declared secrets are found by trying, and stand in every other text."""

_PUBLIC_HEADERS = frozenset(
    {
        "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection",
        "content-encoding", "content-language", "content-length", "content-type", "expect", "host", "if-match",
        "if-modified-since", "if-none-match", "if-unmodified-since", "origin", "pragma", "range", "te", "upgrade",
        "user-agent", "x-requested-with",
    }
)  # fmt: skip
"""Headers whose values the standards of HTTP fix or that say what a client is: they carry no credential."""


class Handed:
    """A value that the profile hands to something. It is no text: `reveal` alone lets it out.

    Whatever shows it shows a mask, and what would write it as JSON, pickle it, join it or send it refuses it. Two are
    equal if what they hold is.
    """

    __slots__ = ("_handed_value",)
    _handed_value: str | int

    def __init__(self, held: str | int) -> None:
        self._handed_value = held

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return repr(MASK)

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        return self._handed_value == other._handed_value if isinstance(other, Handed) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._handed_value)

    def __bool__(self) -> bool:
        return self._handed_value != ""

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret of the profile is not written")

    def kept_secret(self) -> Iterator[str]:
        """What of it must not be seen."""
        yield str(self._handed_value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_wrap_validator_function(
            lambda value, text: value if isinstance(value, Handed) else cls(text(value)),
            handler(str),
            serialization=plain_serializer_function_ser_schema(lambda value: value),
        )


class SecretText(Handed):
    """A value that the profile's own format declares to be a secret, such as a password."""

    __slots__ = ()


class HandedText(Handed):
    """A part of a body or form, or an option; ``{name}`` in it is filled in when it is used."""

    __slots__ = ()

    def kept_secret(self) -> Iterator[str]:
        """What it says between the names that are filled in."""
        yield from _between_names(str(self._handed_value))


class HandedHeader(HandedText):
    """The value of a header."""

    __slots__ = ()

    def kept_secret(self) -> Iterator[str]:
        """Its credential and its parameters: what follows the scheme, each cookie, and what Basic holds in base64."""
        for part in _TEMPLATE.split(str(self._handed_value)):
            scheme = _SCHEME.match(part)
            credential = part[scheme.end() :] if scheme else part
            for one in (credential, *re.split(r"[;,]\s*", credential)):
                value = one.partition("=")[2] if re.match(r"[\w.-]+=[^=]", one) else one
                yield from (text for text in dict.fromkeys((one, value.strip('"'))) if len(text) >= _LEAST)
            if scheme and _BASIC.fullmatch(credential):
                yield from _within_basic(credential)


class PublicText(HandedHeader):
    """The value of a header that carries no credential."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(self._handed_value)

    def kept_secret(self) -> Iterator[str]:
        """Nothing."""
        yield from ()


class HandedLine(HandedText):
    """A line for a console."""

    __slots__ = ()

    def kept_secret(self) -> Iterator[str]:
        """The line and each word of it: which of them is the password, only the device knows."""
        for part in super().kept_secret():
            yield part
            yield from (word for word in part.split() if len(word) >= _LEAST)


class HandedNumber(Handed):
    """A whole number in a body, such as a PIN."""

    __slots__ = ()

    def kept_secret(self) -> Iterator[str]:
        """Its digits."""
        digits = str(self._handed_value)
        if len(digits) >= _LEAST:
            yield digits


class HandedUrl(str):
    """An address; its user information and its query may carry credentials.

    It stays text, since its host and path are compared and shown everywhere; what of it is secret the redactor knows.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(MASK) if any(self.kept_secret()) else str.__repr__(self)

    def kept_secret(self) -> Iterator[str]:
        """User name, password, and the values of the query, as written and decoded."""
        if "@" not in self and "?" not in self:
            return
        parts = urlsplit(str(self))
        user = parts.netloc.rpartition("@")[0].split(":", 1)
        values = [*user, *(part.partition("=")[2] or part for part in re.split("[&;]", parts.query))]
        for value in values:
            for text in dict.fromkeys((value, unquote(value), unquote_plus(value))):
                yield from _between_names(text)


def reveal(value: Any) -> Any:
    """What is held by `value`, or by what is nested in its dicts and lists, for the device that is to get it.

    The one place that lets it out. Who may call it is listed in ``tests/test_secrets_go_out_in_one_place.py``.
    """
    if isinstance(value, Handed):
        return value._handed_value  # noqa: SLF001 - the one place
    if isinstance(value, Mapping):
        return {key: reveal(item) for key, item in value.items()}
    return [reveal(item) for item in value] if isinstance(value, list | tuple) else value


def _between_names(text: str) -> Iterator[str]:
    yield from (part for part in _TEMPLATE.split(text) if len(part.strip()) >= _LEAST)


def _within_basic(credential: str) -> Iterator[str]:
    """The password in what HTTP Basic carries."""
    try:
        said = base64.b64decode(credential + "=" * (-len(credential) % 4), altchars=b"-_").decode()
    except (binascii.Error, ValueError):
        return
    password = said.partition(":")[2]
    if len(password) >= _LEAST and password.isprintable():
        yield password


def _json(value: Any) -> Any:
    if isinstance(value, Plain):
        return value.value
    if isinstance(value, dict):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    return value


def _body(value: Any) -> Any:
    if isinstance(value, str):
        return HandedText(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return HandedNumber(value)
    if isinstance(value, dict):
        return {key: _body(item) for key, item in value.items()}
    return [_body(item) for item in value] if isinstance(value, list | tuple) else value


def _headers(values: dict[str, HandedHeader]) -> dict[str, HandedHeader]:
    return {
        name: PublicText(reveal(value)) if name.lower() in _PUBLIC_HEADERS else value
        for name, value in values.items()
    }


def handed(model: object) -> Iterator[Handed | HandedUrl]:
    """What a model, and what is nested in it, hands over."""
    if isinstance(model, Handed | HandedUrl):
        yield model
    else:
        for value in _within(model):
            if value is not None and type(value) not in _PLAIN:  # as nearly all are
                yield from handed(value)


def _within(model: object) -> Iterable[object]:
    if isinstance(model, BaseModel):
        return [getattr(model, name) for name in type(model).model_fields]
    if isinstance(model, dict):
        return model.values()
    return model if isinstance(model, list | tuple) else ()


_PLAIN = frozenset({str, bool, int, float})
"""The types of values in which nothing is nested, and which are nothing that is handed over."""


_TEXT = Field(json_schema_extra={"x-expected": "text"})

Json = Annotated[Any, BeforeValidator(_json)]
"""Any value, with numbers and true/false as YAML reads them."""
Body = Annotated[Any, BeforeValidator(_json), AfterValidator(_body)]
"""The same, handed over."""
Secret = Annotated[
    SecretText, Field(json_schema_extra={"x-expected": "text; better ${secret:NAME} or ${env:NAME}"})
]
"""A value that must not be seen; fields of it are declared with ``repr=False``."""
Line = Annotated[HandedLine, _TEXT]
"""A line for a console."""
Form = dict[str, Annotated[HandedText, _TEXT]]
"""Names and values of a form."""
HandedTexts = tuple[Annotated[HandedText, _TEXT], ...]
"""Texts for a program, one by one."""
Headers = Annotated[dict[str, Annotated[HandedHeader, _TEXT]], AfterValidator(_headers)]
"""Names and values of headers."""
