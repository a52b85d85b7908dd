"""Sessions and transactions: order, errors, locks, tasks."""

from __future__ import annotations

import ast
import re

from ..finding import Found, error, warning
from ..module import Module
from ..orm import fields, loaded, opens_session, sent, sql
from ..syntax import (
    COMPREHENSIONS,
    LOOPS,
    Function,
    at,
    calls,
    caught,
    dotted,
    is_true,
    keyword,
    last,
    leaves,
    receiver,
    targets,
    value,
    walk,
    within,
)

SETTING = re.compile(r"set_config\s*\(|\bSET\s+LOCAL\b|pg_(try_)?advisory_xact_lock", re.IGNORECASE)
DATABASE_ERRORS = tuple(
    f"sqlalchemy.{name}" for name in ("IntegrityError", "DBAPIError", "SQLAlchemyError", "DatabaseError")
)
WRITING = ("execute", "scalar", "scalars", "flush")
ALONE = ("sqlalchemy.AsyncSession", "sqlmodel.AsyncSession")
USES = ("execute", "scalar", "scalars", "stream", "get", "get_one", "commit", "flush", "refresh")
STARTS = ("create_task", "ensure_future", "start_soon", "gather")


@warning("set_config", "SET LOCAL", "set local", "pg_advisory_xact_lock", "pg_try_advisory_xact_lock")
def setting_after_the_write(module: Module) -> Found:
    """Flags a setting or lock of the transaction that comes after a change in the session.

    SQLAlchemy 2.1 flushes before every statement: the change is written first.
    """
    for function in module.coroutines:
        for call in sent(module, function, "execute", "scalar"):
            if SETTING.search(sql(module, call)) and any(at(n) < at(call) for n in _changes(module, function)):
                yield call, "the change before it is flushed first: set this before the first change"


@error("IntegrityError", "DBAPIError", "SQLAlchemyError", "DatabaseError")
def swallowed_database_error(module: Module) -> Found:
    """Flags a caught database error without a rollback or savepoint, in a transaction that is then committed.

    The failed statement has aborted the transaction: the commit raises nothing and stores nothing.
    """
    for block, statements, place in _swallowing(module):
        writes = [c for c in sent(module, statements, *WRITING) if not _nested(module, c, block)]
        function = module.coroutine(block)
        if not writes or function is None:
            continue
        name = dotted(writes[0].func).rpartition(".")[0]
        opened = any(opens_session(module, i.context_expr) and last(i.context_expr) == "begin" and
                     dotted(i.optional_vars) == name for _, i in module.entered(block))  # fmt: skip
        looped = any(True for _ in module.around(block, *LOOPS))
        commits = [c for c in calls(function, "commit") if dotted(c.func) == f"{name}.commit"]
        later = [c for c in commits if at(c) > at(block) and not _inside(module, c, block)]
        if opened or later or (looped and [c for c in commits if not _inside(module, c, block)]):
            yield place, "the transaction is aborted: what it holds is lost without an error at the commit"


@warning("with_for_update")
def lock_on_a_loaded_row(module: Module) -> Found:
    """Flags `with_for_update` without `populate_existing`: an object loaded before keeps its values."""
    for function in module.functions:
        for call in sent(module, function, "get", "get_one"):
            yield from _unlocked(call)
        yield from _selected(module, function)


@warning("OperationalError")
def error_class_that_never_comes(module: Module) -> Found:
    """Flags `except OperationalError` around an async session: on asyncpg deadlocks and timeouts are bare DBAPIErrors.

    Right with other drivers.
    """
    for handler in module.nodes(ast.ExceptHandler):
        kinds = caught(handler)
        block = module.parent(handler)
        if not module.coroutine(handler) or not isinstance(block, ast.Try):
            continue
        if any(module.means(k, "sqlalchemy.OperationalError") for k in kinds) and not any(
            module.means(k, *DATABASE_ERRORS) or last(k) == "Exception" for h in block.handlers for k in caught(h)
        ):
            opens = any(
                opens_session(module, n.context_expr) for n in within(block.body) if isinstance(n, ast.withitem)
            )
            if opens or any(True for _ in sent(module, block.body)):
                yield handler, "on asyncpg a deadlock or timeout is a bare DBAPIError: read its sqlstate"


@error("create_task", "ensure_future", "start_soon", "gather")
def session_shared_by_tasks(module: Module) -> Found:
    """Flags a session that several tasks use: given to each of them, or taken from the function around them."""
    for call in module.calls(*STARTS):
        many = any(True for _ in module.around(call, *LOOPS, *COMPREHENSIONS))
        if last(call) == "gather":
            yield from _gathered(module, call)
        elif many and call.args and (name := _shared(module, call, call.args)):
            yield call, f"every task uses {name!r}: one transaction, one connection, at the same time"


@error("commit")
def expired_all_the_same(module: Module) -> Found:
    """Flags an attribute with a server-side `onupdate` that is read after the commit of a change: MissingGreenlet."""
    for function in module.coroutines:
        for node in walk(function):
            if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
                continue
            if not isinstance(node.value, ast.Name) or not (owner := module.class_of(node.value)):
                continue
            known = fields(*owner)
            field = known.get(node.attr)
            if field is None or not isinstance(keyword(field.value, "onupdate"), ast.Call):
                continue
            arguments = known.get("__mapper_args__")
            if arguments and arguments.value and "eager_defaults" in ast.dump(arguments.value):
                continue
            before = [c for c in sent(module, function, "commit", "flush") if at(c) < at(node)]
            changed = [n for n in walk(function) if _assigns(n, node.value.id) and before and at(n) < at(before[-1])]
            again = [c for c in calls(function, "refresh") if before and at(before[-1]) < at(c) < at(node)]
            if changed and not again:
                yield node, f"the UPDATE computed {dotted(node)} on the server and expired it: MissingGreenlet"


def _changes(module: Module, function: Function) -> list[ast.AST]:
    """What changes the session's objects before a statement: `add()`, an assignment to a loaded object."""
    objects = loaded(module, function)
    found: list[ast.AST] = list(sent(module, function, "add", "add_all", "delete"))
    return found + [
        node
        for node in walk(function)
        if any(isinstance(t, ast.Attribute) and dotted(t.value) in objects for t in targets(node))
    ]


def _swallowing(module: Module) -> list[tuple[ast.AST, list[ast.stmt], ast.AST]]:
    """The blocks that catch a database error and go on: the block, its statements, and where it is caught."""
    found: list[tuple[ast.AST, list[ast.stmt], ast.AST]] = []
    for block in module.nodes(ast.With):
        for item in block.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and last(call) == "suppress":
                if any(module.means(a, *DATABASE_ERRORS) for a in call.args):
                    found.append((block, block.body, block))
    for block_ in module.nodes(ast.Try):
        for handler in block_.handlers:
            goes_on = not any(True for _ in calls(handler.body, "rollback")) and not _stops(handler)
            if goes_on and any(module.means(k, *DATABASE_ERRORS) for k in caught(handler)):
                found.append((block_, block_.body, handler))
    return found


def _stops(handler: ast.ExceptHandler) -> bool:
    raised = any(isinstance(n, ast.Raise) for n in within(handler.body))
    return raised or (leaves(handler.body) and isinstance(handler.body[-1], ast.Return))


def _nested(module: Module, call: ast.AST, block: ast.AST) -> bool:
    """Whether a statement has a savepoint or a transaction of its own within the block."""
    for inside, item in module.entered(call):
        if last(item.context_expr) in {"begin_nested", "begin"} or opens_session(module, item.context_expr):
            return _inside(module, inside, block)
    return False


def _inside(module: Module, node: ast.AST, block: ast.AST) -> bool:
    return any(here is block for here in module.above(node))


def _unlocked(call: ast.Call) -> Found:
    locks = keyword(call, "with_for_update")
    if (locks is not None and value(locks) not in {None, False}) or (locks and not isinstance(locks, ast.Constant)):
        if not is_true(keyword(call, "populate_existing")):
            yield call, "an object loaded before keeps its values: add populate_existing=True"


def _selected(module: Module, function: Function) -> Found:
    """Statements for whole objects that lock their rows and are sent without `populate_existing`."""
    if "populate_existing" in ast.dump(function):
        return
    for call in calls(function, "with_for_update"):
        chain = {last(c): c for c in ast.walk(call) if isinstance(c, ast.Call)}
        chosen = chain.get("select")
        if chosen and len(chosen.args) == 1 and module.target_class(chosen.args[0]):
            yield call, "an object loaded before keeps its values: execution_options(populate_existing=True)"


def _gathered(module: Module, call: ast.Call) -> Found:
    if not module.means(call, "asyncio.gather"):
        return
    for argument in call.args:
        if isinstance(argument, ast.Starred) and isinstance(argument.value, COMPREHENSIONS):
            element = getattr(argument.value, "elt", None)
            if element is not None and (name := _shared(module, call, [element])):
                yield call, f"every task uses {name!r}: one transaction, one connection, at the same time"
                return
    used = [_shared(module, call, [a]) for a in call.args if isinstance(a, ast.Call)]
    twice = {n for n in used if n and used.count(n) > 1}
    if twice:
        yield call, f"these tasks share {min(twice)!r}: one transaction, one connection, at the same time"


def _shared(module: Module, call: ast.Call, arguments: list[ast.expr]) -> str:
    """The session of the function around `call` that what is started there uses."""
    for node in (n for argument in arguments for n in ast.walk(argument)):
        given = _session(module, node)
        if given and not (isinstance(given, ast.Name) and _own(module, given, call)):
            return dotted(given)
    work = arguments[0].func if isinstance(arguments[0], ast.Call) else arguments[0]
    found = module.target_function(work)
    if found is None or found[0] is not module:
        return ""
    method = isinstance(work, ast.Attribute) and dotted(work.value) == "self"
    if not method and found[1] not in list(ast.walk(module.scope(call))):
        return ""
    for used in (_session(module, receiver(c)) for c in calls(found[1], *USES)):
        if used and (isinstance(used, ast.Attribute) or used.id not in module.bound(found[1])):
            return dotted(used)
    return ""


def _session(module: Module, node: ast.AST | None) -> ast.Name | ast.Attribute | None:
    """A name, or an attribute of `self`, that is one session for whoever uses it; a scoped one is one a task."""
    held = isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and dotted(node.value) == "self")
    return node if held and isinstance(node, ast.Name | ast.Attribute) and module.is_kind(node, *ALONE) else None


def _own(module: Module, name: ast.Name, call: ast.AST) -> bool:
    """Whether each round of the loop around `call` opens this session anew."""
    for block, item in module.entered(call):
        if dotted(item.optional_vars) == name.id:
            return any(True for _ in module.around(block, *LOOPS))
    loops = module.around(call, *LOOPS)
    made = (n for loop in loops for n in walk(loop) if isinstance(n, ast.Assign))
    return any(dotted(t) == name.id for n in made for t in n.targets)


def _assigns(node: ast.AST, name: str) -> bool:
    return any(isinstance(t, ast.Attribute) and dotted(t.value) == name for t in targets(node))
