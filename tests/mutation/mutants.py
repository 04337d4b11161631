"""Small changes to a module's source: each stands for a mistake that a test has to notice.

Changed is what decides: comparisons, `and`/`or`, conditions, numbers, the level of a finding, elements of a list of known
words, and statements that add something (dropped). Left alone are messages, annotations, docstrings and whatever only
shows or writes things down, because no verdict depends on them.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path
    from types import CodeType

__all__ = ["Mutant", "mutants_of"]

_SHOWING = {"__str__", "__repr__", "to_json"}
"""Functions on which no verdict depends."""
_MOST_ELEMENTS = 12
"""A longer list is data, which tests compare with its source."""
_LEVELS = {"violation": "note", "unknown": "note"}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_OPPOSITES = {"any": "all", "all": "any", "min": "max", "max": "min"}
_OPENING = re.compile(
    r"\b(?:_?(?:violation|unknown|open|miss|trouble|lacks)\(|Finding\(|findings?\b|found\b|gaps?\b|missing\b|errors?\b"
    r"|(?:in)?complete\b|open_questions\b|hopeless\b|unread\b|damage\b|doubt|(?i:inconclusive)|Violation|NotApplicable"
    r"|violations\b|unknowns\b|Verdict\b|untried\b|answered\b|granted\b|_close\(|decide\(|refute\()"
)
"""What adds, or decides about, a violation, an open point or a gap. Without it the unit could pass."""
_LEFT_OPEN = re.compile(
    r"\b(?:gaps?|missing|(?:in)?complete|errors?|open|open_questions|hopeless|unread|damage|dropped|truncated|untried"
    r"|unsettled|answered|granted|(?i:inconclusive))\b|\b(?:trouble|_miss|_open)\("
)
"""The same in a probe or an observer, which finds much and judges nothing."""
_NOTING = re.compile(r"\bnote\(")
_MORE_THAN_NOTING = re.compile(
    r"\b(?:_?(?:violation|unknown|open|lacks)\(|Finding\(|gaps?\b|raise\b|return\b|(?i:inconclusive))"
)
"""What only adds notes refutes nothing and leaves nothing open."""
_KEEPING = re.compile(r"[\w.]*\brecorder\.observed\(")
"""Keeps evidence of what was seen, and decides nothing."""
_DECIDING = re.compile(r"\bbool\b|Finding|Verdict")
"""What a function returns that decides."""


@dataclass(slots=True)
class Mutant:
    """One change to a module.

    Attributes:
        path: the module.
        first: line at which what is changed begins.
        last: line at which it ends.
        function: qualified name of the outermost function around it; empty: a statement of the module.
        names: names that the module's statement binds, and those of later statements that are made of them; empty in a
            function.
        before: what is changed, as source.
        after: what it is changed to.
        could_pass: it touches what adds, or decides about, a violation, an open point or a gap; known words and limits
            of a module count as such.
    """

    path: Path
    first: int
    last: int
    function: str
    names: tuple[str, ...]
    before: str
    after: str
    could_pass: bool
    _tree: ast.Module
    _parent: ast.AST
    _field: str
    _index: int | None
    _new: ast.AST

    def __str__(self) -> str:
        return f"{self.path}:{self.first} {self.function or 'module'}: {self.before} -> {self.after}"

    def compiled(self, file: str) -> CodeType:
        """The module with the change.

        Args:
            file: name of the file, as the unchanged module was compiled with.
        """
        former = self._put(self._new)
        try:
            return compile(self._tree, file, "exec", dont_inherit=True)
        finally:
            self._put(former)

    def _put(self, node: ast.AST) -> ast.AST:
        place = getattr(self._parent, self._field)
        if self._index is None:
            setattr(self._parent, self._field, node)
            return place
        former, place[self._index] = place[self._index], node
        return former


def mutants_of(
    path: Path, source: str, lines: Collection[int] | None = None, *, searches: bool = False
) -> Iterator[Mutant]:
    """All changes to a module, from top to bottom.

    Args:
        path: where it is, for the report.
        source: its text.
        lines: only what stands in these lines; None: everywhere.
        searches: it looks for something and judges nothing: only what it leaves open could make a PASS.
    """
    tree = ast.parse(source)
    for mutant in _Walk(path, tree, searches).block(tree, "body", (), None):
        if lines is None or any(line in lines for line in range(mutant.first, mutant.last + 1)):
            yield mutant


class _Walk:
    def __init__(self, path: Path, tree: ast.Module, searches: bool) -> None:
        self._path = path
        self._tree = tree
        self._searches = searches

    def _made_of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """These names of the module, and those whose values rest on them."""
        found = dict.fromkeys(names)
        for statement in self._tree.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
                used = {node.id for node in ast.walk(statement.value) if isinstance(node, ast.Name)}
                if used & found.keys():
                    found |= dict.fromkeys(_bound(statement))
        return tuple(found)

    def block(
        self, parent: ast.AST, field: str, scope: tuple[str, ...], function: ast.AST | None
    ) -> Iterator[Mutant]:
        """The changes to the statements of a block; `scope`: names of the classes around; `function`: the outermost."""
        for index, statement in enumerate(getattr(parent, field)):
            if isinstance(statement, ast.ClassDef):
                yield from self.block(statement, "body", (*scope, statement.name), function)
            elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                if statement.name not in _SHOWING:
                    name = scope if function else (*scope, statement.name)
                    yield from self.block(statement, "body", name, function or statement)
            elif function is None and (scope or not isinstance(statement, ast.Assign | ast.AnnAssign)):
                continue  # imports, conditions on imports, and fields of classes
            else:
                yield from self._statement(statement, parent, field, index, scope, function)

    def _statement(
        self,
        statement: ast.stmt,
        parent: ast.AST,
        field: str,
        index: int,
        scope: tuple[str, ...],
        function: ast.AST | None,
    ) -> Iterator[Mutant]:
        names = self._made_of(_bound(statement)) if function is None else ()
        if "__all__" in names:
            return
        text = ast.unparse(statement)
        returns = (
            ast.unparse(function.returns)
            if isinstance(function, ast.FunctionDef) and function.returns
            else ""
        )
        noting = bool(_NOTING.search(text)) and not _MORE_THAN_NOTING.search(text)
        if self._searches:
            could_pass = function is not None and not _KEEPING.match(text) and bool(_LEFT_OPEN.search(text))
        else:
            could_pass = function is None or (
                not noting and bool(_OPENING.search(text) or _DECIDING.search(returns))
            )

        def made(node: ast.AST, holder: ast.AST, place: str, number: int | None, new: ast.AST) -> Mutant:
            for part in ast.walk(new):
                if not hasattr(part, "lineno"):
                    ast.copy_location(part, node)
            return Mutant(
                self._path, node.lineno, node.end_lineno or node.lineno, ".".join(scope), names,
                _short(node), _short(new), could_pass, self._tree, holder, place, number, new,
            )  # fmt: skip

        if function is not None and _can_be_dropped(statement):
            yield made(statement, parent, field, index, ast.Pass())
        for name, value in ast.iter_fields(statement):
            if name in {"body", "orelse", "finalbody"}:
                yield from self.block(statement, name, scope, function)
            elif name == "handlers":
                for handler in value:
                    yield from self.block(handler, "body", scope, function)
            elif name not in {"annotation", "target", "targets"}:
                for node, holder, place, number in _expressions(statement, name, value):
                    for new in _changed(node, holder, place):
                        yield made(node, holder, place, number, new)


def _bound(statement: ast.stmt) -> tuple[str, ...]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return tuple(target.id for target in targets if isinstance(target, ast.Name))


def _can_be_dropped(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return not isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Assign):
        return all(isinstance(target, ast.Attribute | ast.Subscript) for target in statement.targets)
    return isinstance(statement, ast.AugAssign | ast.Raise | ast.Continue | ast.Break)


def _expressions(
    parent: ast.AST, field: str, value: object
) -> Iterator[tuple[ast.expr, ast.AST, str, int | None]]:
    """Every expression below a field, with the place where it stands; texts are passed over, and how they are cut."""
    many = isinstance(value, list)
    for index, node in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(node, ast.AST) or isinstance(node, ast.JoinedStr | ast.Slice) or _is_type(node):
            continue
        if isinstance(node, ast.expr):
            yield node, parent, field, index if many else None
        if isinstance(node, ast.keyword) and node.arg == "strict":
            continue  # of `zip`: guards against a mistake of the program, as an assertion does
        for name, inner in ast.iter_fields(node):
            if name not in {"annotation", "returns", "ctx"}:
                yield from _expressions(node, name, inner)


def _is_type(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal"


def _changed(node: ast.expr, parent: ast.AST, field: str) -> Iterator[ast.expr]:
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in _COMPARISONS[type(operator)]:
                yield ast.Compare(
                    node.left, [*node.ops[:index], other(), *node.ops[index + 1 :]], node.comparators
                )
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif field in {"test", "ifs"} and not isinstance(parent, ast.Assert):
        yield ast.UnaryOp(ast.Not(), node)
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC and not _is_text(node):
        yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
    elif (
        isinstance(node, ast.Name)
        and node.id in _OPPOSITES
        and isinstance(parent, ast.Call)
        and field == "func"
    ):
        yield ast.Name(_OPPOSITES[node.id], node.ctx)
    elif isinstance(node, ast.Constant):
        yield from _changed_constant(node)
    elif isinstance(node, ast.Set | ast.List | ast.Tuple) and isinstance(
        getattr(node, "ctx", ast.Load()), ast.Load
    ):
        yield from _without_an_element(node)
    elif isinstance(node, ast.Dict) and 2 <= len(node.keys) <= _MOST_ELEMENTS:
        for index, key in enumerate(node.keys):
            if isinstance(key, ast.Constant):
                keys, values = list(node.keys), list(node.values)
                del keys[index], values[index]
                yield ast.Dict(keys, values)


def _changed_constant(node: ast.Constant) -> Iterator[ast.expr]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, str) and node.value in _LEVELS:
        yield ast.Constant(_LEVELS[node.value])


def _without_an_element(node: ast.Set | ast.List | ast.Tuple) -> Iterator[ast.expr]:
    if not 2 <= len(node.elts) <= _MOST_ELEMENTS:
        return
    words = all(isinstance(element, ast.Constant) for element in node.elts)
    for index, element in enumerate(node.elts):
        if words or isinstance(element, ast.Starred):
            elements = [*node.elts[:index], *node.elts[index + 1 :]]
            yield ast.Set(elements) if isinstance(node, ast.Set) else type(node)(elements, node.ctx)


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str | bytes))
        for side in (node.left, node.right)
    )


def _short(node: ast.AST, most: int = 90) -> str:
    line = " ".join(ast.unparse(node).split())
    return line if len(line) <= most else f"{line[: most - 4]} ..."
