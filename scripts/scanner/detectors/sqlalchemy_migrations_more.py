"""Bulk data, COPY, and what a revision does to a running service."""

from __future__ import annotations

import ast
import re

from ..finding import Found, error, warning
from ..module import Module
from ..orm import in_autocommit, is_model, is_revision, on_session, operations, sent, upgrades
from ..syntax import at, calls, dotted, keyword, last, names, receiver, value
from .sqlalchemy_migrations import is_insert, is_list, is_of_dialect

SET_LOCAL = re.compile(r"^\s*SET\s+LOCAL\b", re.IGNORECASE)
CHECKED = re.compile(r"IS\s+NOT\s+NULL|NOT\s+VALID", re.IGNORECASE)
WAITING = re.compile(r"\bpg_advisory_lock\s*\(", re.IGNORECASE)


@warning("insert execute")
def row_from_an_empty_batch(module: Module) -> Found:
    """Flags `session.execute(insert(Model), rows)` with rows that may be none: an empty list inserts one row."""
    for call in module.calls("execute"):
        session = receiver(call)
        if len(call.args) < 2 or not is_insert(module, call.args[0]) or not on_session(module, session):
            continue
        asked = any(names(i.test) & names(call.args[1]) for i in module.around(call, ast.If))
        if is_list(module, call.args[1]) and not asked and not _left_early(module, call):
            yield call, "an empty list inserts one row of defaults: ask first"


@warning("on_conflict_do_update values")
def same_key_twice_in_an_upsert(module: Module) -> Found:
    """Flags an upsert with its rows in the statement: a key that comes twice is an error. Give them to execute()."""
    for call in module.calls("values"):
        chain = receiver(call)
        function = module.function(call)
        if is_insert(module, chain) and len(call.args) == 1 and is_list(module, call.args[0]) and function:
            upserts = any(True for _ in calls(function, "on_conflict_do_update"))
            if upserts and not is_of_dialect(module, chain, "sqlite") and not _from_mapping(module, call.args[0]):
                yield call, "a key that comes twice fails the statement, and 32,767 values are the most"


@warning("on_conflict_do_update execute")
def imports_that_deadlock(module: Module) -> Found:
    """Flags an upsert of given rows in the order in which they came: two with common keys lock each other out."""
    for call in module.calls("execute"):
        function = module.coroutine(call)
        if not function or len(call.args) < 2 or not on_session(module, receiver(call)):
            continue
        made = _with_later(module, call.args[0])
        upserts = any("on_conflict_do_update" in ast.dump(v) for v in made)
        if any(is_of_dialect(module, v, "sqlite") for v in made):  # which has one writer at a time
            continue
        if upserts and is_list(module, call.args[1]):
            yield call, "two batches with common keys in different orders deadlock: sort the rows by the key"


@error("copy_records_to_table", "copy_to_table")
def copy_that_commits_itself(module: Module) -> Found:
    """Flags a COPY on the driver's connection before any statement of SQLAlchemy's: it commits at once."""
    for call in module.calls("copy_records_to_table", "copy_to_table"):
        function = module.coroutine(call)
        raw = [c for c in calls(function, "get_raw_connection") if at(c) < at(call)] if function else []
        if not function or not raw:
            continue
        methods = ("execute", "scalar", "scalars", "flush", "get", "get_one", "exec_driver_sql")
        if not any(at(c) < at(call) for c in sent(module, function, *methods)):
            yield call, "outside of the transaction, which begins with SQLAlchemy's first statement"


@warning("pg_advisory_lock configure")
def lock_that_deadlocks(module: Module) -> Found:
    """Flags `pg_advisory_lock()` in env.py: its snapshot blocks an index that is built CONCURRENTLY."""
    for configure in module.calls("configure"):
        function = module.function(configure)
        for call in (
            calls(function, "execute", "scalar") if function and module.means(configure, "alembic.configure") else ()
        ):
            if WAITING.search(module.text_of(call)):
                yield call, "holds a snapshot while it waits: deadlock with an index built CONCURRENTLY"


@warning("upgrade op select", "upgrade op query", "upgrade op Session")
def models_of_today(module: Module) -> Found:
    """Flags a revision that queries the application's models: it runs with the columns of today."""
    for name in ("upgrade", "downgrade"):
        function = module.definitions.get(name)
        for call in calls(function, "select", "query", "update", "delete", "insert", "get") if function else ():
            found = module.target_class(call.args[0]) if call.args and is_revision(module) else None
            if found and is_model(*found):
                yield call, f"{found[1].name} has the columns of today, which older databases lack here"
                break


@error("SET LOCAL autocommit_block", "set local autocommit_block")
def setting_lost_at_the_block(module: Module) -> Found:
    """Flags a `SET LOCAL` before `autocommit_block()`, with nothing else of its transaction in between."""
    for function in module.functions:
        settings = [
            c for c in calls(function, "execute") if SET_LOCAL.match(module.text_of(c)) and not in_autocommit(module, c)
        ]
        blocks = sorted((c for c in calls(function, "autocommit_block")), key=at)
        for call in settings:
            after = next((b for b in blocks if at(b) > at(call)), None)
            others = [c for c in calls(function) if dotted(c).startswith("op.") and last(c) != "autocommit_block"]
            used = [
                c
                for c in others
                if after and at(call) < at(c) < at(after) and c not in settings and last(c) != "get_context"
            ]
            if after and not used:
                yield call, "ends with its transaction, at the block below"


@warning("nullable alter_column")
def scan_under_the_strongest_lock(module: Module) -> Found:
    """Flags `alter_column(nullable=False)` without a CHECK that says the same: it reads the table under its lock."""
    for function in upgrades(module):
        for call in operations(function, "alter_column"):
            if value(keyword(call, "nullable")) is False and not CHECKED.search(_all_text(module, function)):
                yield call, "reads the whole table while nobody else may: validate a CHECK first"


@warning("alter_column type_")
def type_changed_under_the_service(module: Module) -> Found:
    """Flags a column's type changed in place: the running service's prepared statements fail once each."""
    for function in upgrades(module):
        for call in operations(function, "alter_column"):
            if keyword(call, "type_") is not None:
                yield call, "fails the next request of every process, and may rewrite the table: add a column"


def _with_later(module: Module, node: ast.expr) -> list[ast.expr]:
    """An expression and all that was assigned to it."""
    return [node, *module.values(node)]


def _from_mapping(module: Module, rows: ast.expr) -> bool:
    """Whether rows are made from the values of a mapping, of which each key has one."""
    made = (v for v in _with_later(module, rows) if isinstance(v, ast.ListComp))
    return any(last(g.iter) == "values" for v in made for g in v.generators)


def _left_early(module: Module, call: ast.Call) -> bool:
    """Whether the function has asked for the rows before, as in `if not rows: return`."""
    function = module.function(call)
    tests = [n for n in ast.walk(function) if isinstance(n, ast.If)] if function else []
    return any(names(t.test) & names(call.args[1]) and at(t) < at(call) for t in tests)


def _all_text(module: Module, function: ast.AST) -> str:
    return "\n".join(module.text_of(c) for c in calls(function, "execute", "create_check_constraint"))
