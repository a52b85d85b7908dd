"""Alembic: what an upgrade commits, locks and leaves behind."""

from __future__ import annotations

import ast
import re

from ..finding import Found, error, warning
from ..module import Module
from ..orm import in_autocommit, is_revision, operations, upgrades
from ..syntax import FUNCTIONS, at, calls, dotted, is_true, keyword, last, receiver

ARROW = re.compile(r"->\s*'[^']+'|->\s*\d")
NOT_VALID = re.compile(r"\bNOT\s+VALID\b", re.IGNORECASE)
VALIDATE = re.compile(r"\bVALIDATE\s+CONSTRAINT\b", re.IGNORECASE)
UPDATE = re.compile(r"^\s*UPDATE\s+\S+\s+SET\b", re.IGNORECASE)
NARROW = re.compile(r"\b(WHERE|LIMIT)\b", re.IGNORECASE)
LOCKING = ("add_column", "alter_column", "drop_column", "create_foreign_key", "create_check_constraint")
ROWS = {"list", "List", "Sequence", "Iterable", "tuple"}


@error("run_migrations configure execute")
def uncommitted_upgrade(module: Module) -> Found:
    """Flags a statement on the connection before `context.configure(connection=...)` that nobody commits.

    It begins a transaction which Alembic then leaves to you: every revision is logged, and nothing is stored.
    """
    for configure in module.calls("configure"):
        function = module.function(configure)
        name = dotted(keyword(configure, "connection"))
        if not isinstance(function, FUNCTIONS) or not name or not any(True for _ in calls(function, "run_migrations")):
            continue
        before = [c for c in calls(function, "execute", "scalar", "exec_driver_sql") if at(c) < at(configure)]
        begun = [c for c in before if isinstance(c.func, ast.Attribute) and dotted(c.func.value) == name]
        ended = [c for c in calls(function, "commit", "execution_options") if dotted(c.func).startswith(f"{name}.")]
        for call in begun[-1:]:
            own = any(last(i.context_expr) in {"begin", "begin_nested"} for _, i in module.entered(call))
            if not own and not any(last(c) == "execution_options" or at(call) < at(c) for c in ended):
                yield call, "begins a transaction that nobody commits: the migrations after it are rolled back"


@warning("create_index", "Index text")
def forgotten_json_index(module: Module) -> Found:
    """Flags an index on `column -> 'key'`: SQLAlchemy 2.0.42 and newer ask for `column['key']`, another expression."""
    for call in module.calls("create_index", "Index"):
        if ARROW.search(module.text_of(call)):
            yield call, "SQLAlchemy >= 2.0.42 asks for column['key']: this index is not used for its queries"


@warning("upgrade op")
def lock_queue(module: Module) -> Found:
    """Flags a change of a table without a `lock_timeout` in the newest revision, where env.py sets none either.

    While it waits for its lock, every later query on the table waits behind it.
    """
    for function in upgrades(module):
        found = list(operations(function, *LOCKING))
        made = {str(getattr(c.args[0], "value", "")) for c in operations(function, "create_table") if c.args}
        old = [c for c in found if not (c.args and getattr(c.args[0], "value", None) in made)]
        if old and "lock_timeout" not in module.text and not module.project.sets_lock_timeout(module.path):
            yield min(old, key=at), "waits for its lock without a limit, and every query on the table behind it"


@error("postgresql_concurrently if_not_exists")
def invalid_index(module: Module) -> Found:
    """Flags `create_index(postgresql_concurrently=True, if_not_exists=True)`: it takes a failed build for the index."""
    for call in module.calls("create_index"):
        both = is_true(keyword(call, "postgresql_concurrently")) and is_true(keyword(call, "if_not_exists"))
        function = module.function(call)
        dropped = function and any(at(c) < at(call) for c in calls(function, "drop_index"))
        if both and not dropped:
            yield call, "an index that failed to build exists too: this skips it, and no query uses it"


@error("VALIDATE op")
def validation_under_lock(module: Module) -> Found:
    """Flags `VALIDATE CONSTRAINT` in the transaction of the `ADD ... NOT VALID`: the scan runs under its locks."""
    for function in module.functions:
        if not is_revision(module) or not function.name.startswith("upgrade"):
            continue
        sent = [c for c in calls(function, "execute") if not in_autocommit(module, c)]
        added = [c for c in sent if NOT_VALID.search(module.text_of(c))]
        added += [
            c for c in calls(function) if is_true(keyword(c, "postgresql_not_valid")) and not in_autocommit(module, c)
        ]
        for call in sent:
            if VALIDATE.search(module.text_of(call)) and any(at(a) < at(call) for a in added):
                yield call, "in the transaction of the ADD, whose locks are held while every row is read"


@warning("upgrade op UPDATE", "upgrade op update")
def locked_backfill(module: Module) -> Found:
    """Flags an UPDATE of a whole table in the newest revision: rows stay locked until the last one is done."""
    for function in upgrades(module):
        for call in calls(function, "execute"):
            text = module.text_of(call)
            if UPDATE.search(text) and not NARROW.search(text) and not in_autocommit(module, call):
                yield call, "one statement for all rows: the first one stays locked until the last is done"


@error("async upgrade", "async downgrade")
def coroutine_upgrade(module: Module) -> Found:
    """Flags `async def upgrade()` in a revision: Alembic calls it, never awaits it, and stamps it as applied."""
    for name in ("upgrade", "downgrade"):
        function = module.definitions.get(name)
        if isinstance(function, ast.AsyncFunctionDef) and is_revision(module):
            yield function, f"never awaited: the revision is stamped, and {name}() has not run"


@warning("insert values")
def too_many_parameters(module: Module) -> Found:
    """Flags `insert(...).values(rows)` with a list: one statement with a parameter for each value, 32,767 at most."""
    for call in module.calls("values"):
        chain = receiver(call)
        if is_insert(module, chain) and len(call.args) == 1 and is_list(module, call.args[0]):
            if not _upserts(module, call) and not is_of_dialect(module, chain, "mysql"):
                yield call, "a parameter for each value, at most 32,767: give the rows to execute() instead"


def is_list(module: Module, node: ast.AST) -> bool:
    """Whether an argument is a list of a length that the code does not tell."""
    if isinstance(node, ast.ListComp):
        return True
    if not isinstance(node, ast.Name):
        return False
    if any(isinstance(v, ast.ListComp) for v in module.values(node)):
        return True
    kinds = (module.annotated(b.node) for b in module.bindings(node) if b.how == "annotation")
    return any(kind.rpartition(".")[2] in ROWS for kind in kinds)


def is_insert(module: Module, node: ast.AST | None) -> bool:
    """Whether it is an `insert(...)` of SQLAlchemy's or of a table."""
    return last(node) == "insert" or module.means(node, "sqlalchemy.insert")


def is_of_dialect(module: Module, node: ast.AST | None, name: str) -> bool:
    """Whether a statement begins with the `insert(...)` of this database's module, whichever branch runs."""
    first = dotted(node).partition(".")[0]
    imported = [a for i in module.nodes(ast.ImportFrom) for a in i.names if (a.asname or a.name) == first]
    return len(imported) == 1 and f".dialects.{name}." in module.origin(node)


def _upserts(module: Module, call: ast.AST) -> bool:
    """Whether the statement ends in an ON CONFLICT, which is another trap."""
    function = module.function(call)
    return function is not None and any(
        True for _ in calls(function, "on_conflict_do_update", "on_conflict_do_nothing")
    )
