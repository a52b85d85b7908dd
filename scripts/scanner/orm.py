"""What SQLAlchemy and Alembic make of classes, statements and modules: fields, collections, revisions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from .kinds import DATABASES, MAKERS, SESSIONS
from .module import Module
from .syntax import FUNCTIONS, Function, calls, keyword, last, parameters, receiver, targets, value, walk

COLLECTIONS = {"list", "List", "set", "Set", "Sequence", "Collection", "WriteOnlyMapped", "DynamicMapped"}
SENT = ("execute", "scalar", "scalars", "stream", "stream_scalars", "get", "get_one", "flush", "commit", "refresh")
OWN = re.compile(r"^revision\b[^=\n]*=\s*[\"']([^\"']+)", re.MULTILINE)
LOADS = ("get", "get_one", "scalar", "scalars", "execute", "merge")
TAKES = {"scalar_one", "scalar_one_or_none", "scalar", "one", "one_or_none", "first"}
DEPTH = 6


class Field(NamedTuple):
    """A mapped attribute: the class's module, the annotation and the value."""

    module: Module
    annotation: ast.expr | None
    value: ast.expr | None

    @property
    def is_relationship(self) -> bool:
        """Whether it is a `relationship()`."""
        return last(self.value) == "relationship"

    @property
    def is_collection(self) -> bool:
        """Whether it is a relationship to many, as its annotation tells."""
        inner = self.annotation.slice if isinstance(self.annotation, ast.Subscript) else None
        wraps = isinstance(inner, ast.Subscript) and last(inner.value) in COLLECTIONS
        return self.is_relationship and (wraps or last(getattr(self.annotation, "value", None)) in COLLECTIONS)


def fields(module: Module, model: ast.ClassDef, depth: int = 0) -> dict[str, Field]:
    """The mapped attributes of a class, inherited ones too."""
    found: dict[str, Field] = {}
    for base in reversed(model.bases):
        parent = module.target_class(base) if depth < DEPTH else None
        if parent and parent[1] is not model:
            found |= fields(*parent, depth + 1)
    for node in model.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = Field(module, node.annotation, node.value)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = Field(module, None, node.value)
    return found


def attribute(module: Module, node: ast.AST) -> Field | None:
    """The field that an expression like `Customer.orders` names."""
    owner = module.target_class(node.value) if isinstance(node, ast.Attribute) else None
    return fields(*owner).get(node.attr) if owner and isinstance(node, ast.Attribute) else None


def is_model(module: Module, model: ast.ClassDef, depth: int = 0) -> bool:
    """Whether a class is mapped to a table, as `__tablename__` or an inherited one tells."""
    if any(isinstance(n, ast.Assign) and last(n.targets[0]) in {"__tablename__", "__table__"} for n in model.body):
        return True
    parents = (module.target_class(b) for b in model.bases) if depth < DEPTH else ()
    return any(p and p[1] is not model and is_model(*p, depth + 1) for p in parents)


def is_optional(annotation: ast.AST) -> bool:
    """Whether an annotation lets None be: `X | None`, `Optional[X]`."""
    return any(
        (isinstance(n, ast.Constant) and n.value is None) or last(getattr(n, "value", None)) == "Optional"
        for n in ast.walk(annotation)
    )


def on_session(module: Module, node: ast.AST | None) -> bool:
    """Whether a value is a session of SQLAlchemy's asyncio."""
    return module.is_kind(node, *SESSIONS)


def on_database(module: Module, node: ast.AST | None) -> bool:
    """Whether a value is a session, connection or engine of SQLAlchemy's asyncio."""
    return module.is_kind(node, *DATABASES)


def sent(module: Module, nodes: ast.AST | list[ast.stmt], *methods: str) -> Iterator[ast.Call]:
    """The calls in `nodes` of methods of a session or connection; by default of those that send statements."""
    for call in calls(nodes, *(methods or SENT)):
        if isinstance(call.func, ast.Attribute) and on_database(module, call.func.value):
            yield call


def opens_session(module: Module, node: ast.AST) -> bool:
    """Whether an expression takes a session from a sessionmaker: `sessions()` or `sessions.begin()`."""
    if not isinstance(node, ast.Call):
        return False
    maker = node.func.value if isinstance(node.func, ast.Attribute) and node.func.attr == "begin" else node.func
    return module.is_kind(maker, *MAKERS)


def sql(module: Module, call: ast.Call) -> str:
    """The SQL text in a call's first argument, constants of the module and `func.name(...)` included."""
    if not call.args:
        return ""
    parts = (p for v in module.values(call.args[0]) for p in ast.walk(v) if isinstance(p, ast.Call))
    functions = (_function(p) for p in parts if module.means(receiver(p), "sqlalchemy.func", "sqlmodel.func"))
    return "\n".join((module.text_of(call.args[0]), *functions))


def _function(call: ast.Call) -> str:
    """`name(?, false)` of `func.name(x, False)`."""
    given = (str(value(a)).lower() if isinstance(value(a), bool) else "?" for a in call.args)
    return f"{last(call)}({', '.join(given)})"


def is_revision(module: Module) -> bool:
    """Whether the module is a migration: it has Alembic's `op`."""
    return any(origin.startswith("alembic.op") or origin == "alembic.op" for origin in module.imports.values())


def upgrades(module: Module) -> Iterator[Function]:
    """The `upgrade()` of a revision that is not history: no other revision in its folder comes after it."""
    function = module.definitions.get("upgrade")
    if is_revision(module) and isinstance(function, FUNCTIONS) and _is_head(module):
        yield function


def operations(function: Function, *methods: str) -> Iterator[ast.Call]:
    """The calls `op.method(...)` and `batch_op.method(...)` in a migration."""
    for call in calls(function, *methods):
        if isinstance(call.func, ast.Attribute) and last(call.func.value) in {"op", "batch_op"}:
            yield call


def in_autocommit(module: Module, node: ast.AST) -> bool:
    """Whether a statement of a migration commits by itself."""
    return any(last(item.context_expr) == "autocommit_block" for _, item in module.entered(node))


def loaded(module: Module, function: Function) -> dict[str, ast.Assign | ast.AnnAssign]:
    """The variables of a function that hold an object which came from the session, and where it came."""
    found: dict[str, ast.Assign | ast.AnnAssign] = {}
    for node in walk(function):
        name = targets(node)[0] if isinstance(node, ast.Assign | ast.AnnAssign) else None
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(name, ast.Name) and node.value:
            made = [node.value]
            if last(node.value) in TAKES:  # `result.one()`: from where the result came
                made += module.values(receiver(node.value))
            if any(True for m in made for _ in sent(module, m, *LOADS)):
                found[name.id] = node
    return found


def typed(module: Module, function: Function) -> set[str]:
    """The parameters of a function that are sessions."""
    return {p.arg for p in parameters(function) if module.annotated(p.annotation) in SESSIONS}


def option(call: ast.Call, name: str) -> object:
    """The constant given for an option of `relationship()` or `mapped_column()`."""
    return value(keyword(call, name))


def _is_head(module: Module) -> bool:
    own = OWN.search(module.text)
    return own is None or own[1] not in module.project.superseded(module.path)
