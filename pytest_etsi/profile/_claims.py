"""Facts, read as far as they can be understood: what cannot stands as if it were left out, and is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from pytest_etsi.profile._document import trail_text
from pytest_etsi.profile._expect import known_keys
from pytest_etsi.profile._types import Strict
from pytest_etsi.profile._yaml import Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pytest_etsi.profile._document import Document, Place, Trail
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.profile.unread import Unread

    Near = Callable[[str, Collection[str]], list[str]]

__all__ = ["read_claims"]

M = TypeVar("M", bound=Strict)


def read_claims(
    document: Document, model: type[M], node: Node | None, *, part: str, key: str, place: Place
) -> M:
    """What stands under `key` of an entry as a model all of whose fields may be left out.

    A value that does not fit takes with it the smallest field that can do without it. A key that is not known may mean
    the one that it looks like, or, where there is none like it, any that was left out.
    """
    if node is None or (isinstance(node, Scalar) and node.is_null):
        return model()
    value: Any = document.value(node, place, part, (key,))
    unread: dict[Trail, Unread] = {}
    while True:
        try:
            made = model.model_validate(value, context=document.context)
            break
        except ValidationError as error:
            errors = error.errors(include_url=False)
        for detail in errors:
            described = document.describe(model, node, place, detail)
            value, concerned = _without(model, value, detail, document.hints.alike)
            for trail in concerned:
                inner = [known for known in unread if known[: len(trail)] == trail]
                if inner:  # a field that cannot do without the one that was left out before
                    unread[trail] = unread.pop(inner[0])
                elif described is not None and not any(trail[: len(one)] == one for one in unread):
                    at, within, message, hint = described
                    name = trail_text("", (key, *within))
                    unread[trail] = unread.get(trail) or document.unread(
                        at, "fact", part, name, message, hint
                    )
    for trail, one in unread.items():
        _leave(made, trail, one)
    return made


def _without(model: type[Strict], value: Any, detail: Any, near: Near) -> tuple[Any, list[Trail]]:
    """A value without what an error is about; and the fields that may be meant by that."""
    location: Trail = detail["loc"]
    node = value
    trail: Trail = ()
    field: Trail = ()
    for part in location:
        if not _has(node, part):
            continue  # the tag of a union, or a key that is missing
        is_field = isinstance(part, str) and part in known_keys(model, trail)
        trail = (*trail, part)
        node = node[part]
        field = trail if is_field else field
    if detail["type"] == "extra_forbidden" and trail == location:
        del _at(value, trail[:-1])[trail[-1]]
        return value, _meant(model, value, trail, near)
    if not field:
        return {}, [(name,) for name in known_keys(model, ())]
    del _at(value, field[:-1])[field[-1]]
    return value, [field]


def _meant(model: type[Strict], value: Any, trail: Trail, near: Near) -> list[Trail]:
    """The fields that an unknown key may mean: the one that looks like it, otherwise all that were left out."""
    *above, name = trail
    stated = _at(value, tuple(above))
    out = [key for key in known_keys(model, tuple(above)) if key not in stated]
    return [(*above, key) for key in near(str(name), out) or out]


def _has(node: Any, part: int | str) -> bool:
    if isinstance(node, dict):
        return part in node
    return isinstance(node, list) and isinstance(part, int) and part < len(node)


def _at(value: Any, trail: Trail) -> Any:
    for part in trail:
        value = value[part]
    return value


def _leave(made: Strict, trail: Trail, unread: Unread) -> None:
    """Leave the field at `trail` unread; where a part above it is missing, that one is noted itself."""
    *above, name = trail
    owner: Any = made
    for part in above:
        owner = owner.__dict__.get(str(part)) if isinstance(owner, BaseModel) else owner[part]
        if owner is None:
            return
    if isinstance(owner, Strict):
        owner.leave_unread(str(name), unread)
