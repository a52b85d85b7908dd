"""Versions, savepoints, counters and repositories."""

from __future__ import annotations

import ast
import re

from ..finding import Found, error, warning
from ..kinds import TIMEOUTS
from ..module import Module
from ..orm import fields, is_optional, loaded, on_session, sent, typed
from ..syntax import (
    at,
    calls,
    dotted,
    entries,
    is_true,
    keyword,
    last,
    receiver,
    targets,
    value,
    walk,
)

SERVER_KEYS = {"gen_random_uuid", "uuid_generate_v4", "uuidv7", "uuidv4"}
REPOSITORY = re.compile(r"Repo(sitory)?$|Dao$|DAO$|^CRUD|^Crud")
JSONS = {"JSON", "JSONB"}


@error("version_id_col", "AsyncSession", "async_sessionmaker")
def version_from_the_client(module: Module) -> Found:
    """Flags an assignment to the column of `version_id_col`: it is stored, and not compared."""
    for function in module.functions:
        for node in walk(function):
            for target in targets(node):
                if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
                    continue
                if target.attr in _version_columns(module, target.value):
                    yield (
                        node,
                        f"only stored: the WHERE still asks for the version that was loaded, compare {dotted(target)}",
                    )


@warning("begin_nested")
def savepoint_without_a_commit(module: Module) -> Found:
    """Flags `begin_nested()` on a given session in a function that changes rows and commits nowhere."""
    for call in module.calls("begin_nested"):
        function = module.coroutine(call)
        name = dotted(call.func).rpartition(".")[0]
        if not function or name not in typed(module, function) or any(True for _ in calls(function, "commit")):
            continue
        objects = loaded(module, function)
        block = next((b for b in module.around(call, ast.AsyncWith)), None)
        changed = any(
            isinstance(t, ast.Attribute) and dotted(t.value) in objects
            for n in walk(block or function)
            for t in targets(n)
        )
        if changed and not any(True for _ in module.around(call, ast.Try)):
            yield call, "releases a savepoint: who commits the transaction around it?"


@error("begin_nested timeout", "begin_nested fail_after", "begin_nested move_on_after")
def timeout_inside_a_transaction(module: Module) -> Found:
    """Flags a timeout around a savepoint: the cancelled statement takes connection and transaction along."""
    for call in module.calls("begin_nested"):
        item = module.parent(call)
        session = receiver(call)
        place = item if isinstance(item, ast.withitem) else call
        found = module.under(place, *TIMEOUTS[:-1])
        opened = [b for b, i in module.entered(place) if dotted(i.optional_vars) == dotted(session)]
        if found and on_session(module, session) and (not opened or opened[0] in list(module.above(found[0]))):
            yield found[1].context_expr, "when it fires, the connection is given up, and the whole transaction with it"


@warning("AsyncSession", "async_sessionmaker")
def last_item_sold_twice(module: Module) -> Found:
    """Flags a number of a loaded object that Python counts up or down: two requests write the same number."""
    for function in module.coroutines:
        objects = loaded(module, function)
        for node in walk(function):
            if (counted := _counted(node)) and dotted(counted.value) in objects:
                if "with_for_update" not in ast.dump(function):
                    yield node, "writes the number that Python computed: two requests write the same one"


@warning("mapped_column server_default", "Column server_default")
def insert_per_row(module: Module) -> Found:
    """Flags a primary key that only the server knows: one INSERT for each object."""
    for call in module.calls("mapped_column", "Column"):
        default = keyword(call, "server_default")
        said = last(default) in SERVER_KEYS or any(key in module.text_of(default) for key in SERVER_KEYS)
        known = isinstance(default, ast.Call) and is_true(keyword(default, "monotonic"))
        if is_true(keyword(call, "primary_key")) and said and not known and keyword(call, "default") is None:
            yield call, "a round trip for each object: a default in Python, or uuidv7(monotonic=True)"


@warning("autoflush False")
def limit_without_pending_rows(module: Module) -> Found:
    """Flags `autoflush=False`: the session's own queries miss what it has just added or changed."""
    for call in module.calls("async_sessionmaker", "sessionmaker", "AsyncSession"):
        if value(keyword(call, "autoflush")) is False:
            yield call, "the session's own queries miss what it has just added"


@warning("commit class")
def commit_in_the_repository(module: Module) -> Found:
    """Flags a repository that commits its session: what fails later cannot undo it."""
    for call in module.calls("commit"):
        owner = module.klass(call)
        session = receiver(call)
        if owner and REPOSITORY.search(owner.name) and on_session(module, session):
            yield call, "what fails later in the use case cannot undo this: flush()"


@warning("setattr")
def attribute_without_a_column(module: Module) -> Found:
    """Flags `setattr(entity, name, value)` in a function with a session: a name that is no column is stored nowhere."""
    for call in module.calls("setattr"):
        function = module.coroutine(call)
        unknown = len(call.args) == 3 and isinstance(call.args[1], ast.Name) and isinstance(call.args[0], ast.Name)
        if (
            function
            and unknown
            and (typed(module, function) or dotted(call.args[0]) in loaded(module, function))
            and any(True for _ in sent(module, function, "commit", "flush"))
        ):
            if "column_attrs" not in ast.dump(function) and "hasattr" not in ast.dump(function):
                yield call, "a name that is no column becomes a Python attribute, and is stored nowhere"


@warning("JSON mapped_column", "JSONB mapped_column")
def null_that_is_not_null(module: Module) -> Found:
    """Flags nullable JSON columns, once for each class: `None` is stored as JSON null, which `IS NULL` misses.

    A column with a default of its own is let be.
    """
    found: dict[ast.ClassDef | None, list[ast.Call]] = {}
    for call in module.calls("mapped_column"):
        above = module.parent(call)
        kind = call.args[0] if call.args else None
        if not isinstance(above, ast.AnnAssign) or last(kind) not in JSONS:
            continue
        if is_optional(above.annotation) and not is_true(keyword(kind, "none_as_null")):
            default = keyword(call, "default") or keyword(call, "default_factory")
            if default is None or _is_none(default):
                found.setdefault(module.klass(call), []).append(call)
    for columns in found.values():
        more = f" (and so in {len(columns) - 1} more of the class)" if len(columns) > 1 else ""
        yield min(columns, key=at), f"None is stored as JSON null, which IS NULL misses: none_as_null=True{more}"


@warning("DateTime timezone utcnow", "DateTime timezone tzinfo")
def utc_without_a_zone(module: Module) -> Found:
    """Flags a default without a zone for a column with one: asyncpg takes it for the process's local time."""
    for call in module.calls("mapped_column", "Column"):
        zoned = any(last(a) == "DateTime" and is_true(keyword(a, "timezone")) for a in call.args)
        for name in ("default", "onupdate") if zoned else ():
            given = keyword(call, name)
            if given is not None and any(_is_naive(n) for n in ast.walk(given)):
                yield given, "taken for the process's local time: datetime.now(UTC) keeps its zone"


def _counted(node: ast.AST) -> ast.Attribute | None:
    """The attribute that `x.n += 1` or `x.n = x.n + 1` counts up or down."""
    target = next(iter(targets(node)), None)
    sides: list[ast.expr] = []
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub):
        sides = [node.value]
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
        same = isinstance(node.value.op, ast.Add | ast.Sub) and dotted(node.value.left) == dotted(target) != ""
        sides = [node.value.right] if same else []
    numbers = sides and not isinstance(sides[0], ast.JoinedStr) and not isinstance(value(sides[0]), str)
    return target if numbers and isinstance(target, ast.Attribute) else None


def _is_naive(node: ast.AST) -> bool:
    """Whether a part of a default gives UTC without its zone."""
    if isinstance(node, ast.Attribute) and node.attr == "utcnow":
        return True
    bare = keyword(node, "tzinfo") if last(node) == "replace" else None
    return _is_none(bare)


def _is_none(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _version_columns(module: Module, name: ast.Name) -> set[str]:
    """The names of the version columns of the class that an object is of, as its loading or annotation tells."""
    owner = module.class_of(name)
    for made in module.values(name):
        inner = made.value if isinstance(made, ast.Await) else made
        if isinstance(inner, ast.Call) and last(inner) in {"get", "get_one"} and inner.args:
            owner = owner or module.target_class(inner.args[0])
    arguments = fields(*owner).get("__mapper_args__") if owner else None
    column = entries(arguments.value).get("version_id_col") if arguments else None
    return {dotted(column)} if column else set()
