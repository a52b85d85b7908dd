"""Small questions on the nodes of syntax trees."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
With = ast.With | ast.AsyncWith
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
WITHS = (ast.With, ast.AsyncWith)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
TRIES: tuple[type[ast.Try | ast.TryStar], ...] = (ast.Try, ast.TryStar)
SCOPES = (*FUNCTIONS, ast.Lambda, ast.ClassDef)
# Fields that hold no nodes, or, as operators and contexts, none that anybody asks for.
NO_CHILDREN = {
    "arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs", "level", "module", "n", "name",
    "op", "ops", "rest", "s", "simple", "tag", "type_comment",
}  # fmt: skip
CHILDREN: dict[type[ast.AST], tuple[str, ...]] = {
    kind: tuple(field for field in kind._fields if field not in NO_CHILDREN)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
LEAVES = {ast.Constant, ast.Name, ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal, ast.MatchSingleton}
for leaf in LEAVES:
    CHILDREN[leaf] = ()


def walk(node: ast.AST) -> Iterable[ast.AST]:
    """The nodes below `node` that run when it does: without those of functions and classes defined in it."""
    if not isinstance(node, FUNCTIONS):
        return _walk(node)
    own: list[ast.AST] | None = getattr(node, "own", None)  # kept on the node, since every detector asks for it
    if own is None:
        own = node.own = list(_walk(node))  # type: ignore[union-attr]
    return own


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    pending = [node]
    while pending:
        here = pending.pop()
        for field in CHILDREN[here.__class__]:
            value = getattr(here, field)
            for item in value if value.__class__ is list else (value,):
                if item is not None:
                    yield item
                    if item.__class__ not in SCOPES:
                        pending.append(item)


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of a module at its top level, those below `if`, `try`, `with` and loops too."""
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        for child in getattr(node, field, ()):
            if isinstance(child, ast.stmt):
                yield child
            if not isinstance(child, SCOPES):
                yield from statements(child)


def within(nodes: ast.AST | list[ast.stmt]) -> Iterator[ast.AST]:
    """A node, or the statements of a block, and what runs with them as `walk` has it."""
    if not isinstance(nodes, list):
        yield nodes
        yield from walk(nodes)
        return
    for node in nodes:
        yield node
        if not isinstance(node, SCOPES):
            yield from walk(node)


def calls(nodes: ast.AST | list[ast.stmt], *names: str) -> Iterator[ast.Call]:
    """The calls in `nodes` of functions with these last names; of any without names."""
    if isinstance(nodes, FUNCTIONS):
        by_name: dict[str, list[ast.Call]] | None = getattr(nodes, "called", None)
        if by_name is None:
            by_name = nodes.called = defaultdict(list)  # type: ignore[union-attr]
            for node in walk(nodes):
                if isinstance(node, ast.Call):
                    by_name[last(node.func)].append(node)
        yield from (call for name in names or tuple(by_name) for call in by_name.get(name, ()))
        return
    for node in within(nodes):
        if isinstance(node, ast.Call) and (not names or last(node.func) in names):
            yield node


def awaited(nodes: ast.AST | list[ast.stmt]) -> Iterator[ast.expr]:
    """What is awaited in `nodes`."""
    for node in within(nodes):
        if isinstance(node, ast.Await):
            yield node.value


def last(node: ast.AST | None) -> str:
    """The last name of a dotted expression or of what a call calls: `c` of `a.b.c` and of `a.b.c(1)`."""
    while isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def dotted(node: ast.AST | None) -> str:
    """`a.b.c`, or `a.b.c` of a call of it; empty where it is anything else."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            return ".".join((node.id, *reversed(names)))
        else:
            return ""


def receiver(call: ast.AST) -> ast.expr | None:
    """`x` of `x.method(...)`."""
    return call.func.value if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else None


def keyword(call: ast.AST | None, name: str) -> ast.expr | None:
    """The value given for a keyword."""
    if not isinstance(call, ast.Call):
        return None
    return next((k.value for k in call.keywords if k.arg == name), None)


def has(call: ast.Call, *names: str) -> bool:
    """Whether one of these keywords is given, or may be: `**options` may hold any."""
    return any(k.arg is None or k.arg in names for k in call.keywords)


def value(node: ast.AST | None) -> object:
    """The value of a constant, else None; negative numbers too."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        number = node.operand.value
        return -number if isinstance(number, int | float) else None
    return node.value if isinstance(node, ast.Constant) else None


def entries(node: ast.AST | None) -> dict[str, ast.expr]:
    """The values by name in `{"name": value}` or `dict(name=value)`; what a `**` brings in is under "**"."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return {"**" if key is None else str(value(key)): given for key, given in pairs}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return {k.arg or "**": k.value for k in node.keywords}
    return {}


def is_true(node: ast.AST | None) -> bool:
    """Whether it is the constant True."""
    return value(node) is True


def number(node: ast.AST | None) -> float | None:
    """The number that a constant is."""
    found = value(node)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def names(node: ast.AST | None) -> set[str]:
    """Every plain name in an expression, lambdas and comprehensions included."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} if node else set()


def at(node: ast.AST) -> tuple[int, int]:
    """Where a node begins, to compare with others of its file."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def parameters(function: ast.AST) -> list[ast.arg]:
    """The parameters of a function, without `*args` and `**kwargs`."""
    if not isinstance(function, (*FUNCTIONS, ast.Lambda)):
        return []
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def defaults(function: Function) -> dict[str, ast.expr]:
    """The default of every parameter that has one."""
    positional = [*function.args.posonlyargs, *function.args.args]
    pairs = zip(reversed(positional), reversed(function.args.defaults), strict=False)
    named = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return {arg.arg: default for arg, default in (*pairs, *named) if default is not None}


def is_generator(function: ast.AST) -> bool:
    """Whether a function has a `yield` of its own."""
    return isinstance(function, FUNCTIONS) and any(isinstance(n, ast.Yield | ast.YieldFrom) for n in walk(function))


def decorated(function: ast.AST, *names: str) -> bool:
    """Whether a decorator has one of these last names."""
    return isinstance(function, SCOPES) and any(last(d) in names for d in getattr(function, "decorator_list", ()))


def targets(node: ast.AST | None) -> list[ast.expr]:
    """What an assignment assigns to."""
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr) else []


def caught(handler: ast.ExceptHandler) -> list[ast.expr]:
    """The exception classes that a clause names; empty for a bare one."""
    if isinstance(handler.type, ast.Tuple):
        return handler.type.elts
    return [handler.type] if handler.type else []


def leaves(statements: list[ast.stmt]) -> bool:
    """Whether a block always ends in `raise`, `return`, `break` or `continue`."""
    end = statements[-1] if statements else None
    if isinstance(end, ast.If):
        return leaves(end.body) and leaves(end.orelse)
    return isinstance(end, ast.Raise | ast.Return | ast.Break | ast.Continue)
