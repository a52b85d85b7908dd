"""Task groups and gather(): which errors leave, and what goes on."""

from __future__ import annotations

import ast
import re

from ..finding import Found, error, warning
from ..kinds import GROUPS, TIMEOUTS
from ..module import Module
from ..syntax import COMPREHENSIONS, LOOPS, With, calls, caught, has, last, walk, within

WRITES = re.compile(r"^_?(add|book|cancel|charge|commit|create|debit|delete|insert|notify|pay|place|publish|refund"
                    r"|remove|reserve|save|ship|store|transfer|update|upsert|withdraw|write)(_|$)")  # fmt: skip


@warning("TaskGroup HTTPException")
def hidden_httpexception(module: Module) -> Found:
    """Flags a task group without an `except*` around it, in a module that knows HTTPException.

    What its tasks raise leaves as an ExceptionGroup: 500, whatever the status. A worker's group is harmless.
    """
    for block, item in _groups(module):
        if not module.means(item.context_expr, "asyncio.TaskGroup") or _star_around(module, block) or _yields(block):
            continue
        if any(True for _ in calls(block.body, "create_task")):
            yield block, "an HTTPException of a task leaves as an ExceptionGroup: the client gets 500"


@warning("except create_task TaskGroup", "except start_soon", "except create_task create_task_group")
def lost_successes(module: Module) -> Found:
    """Flags an `except*` that collects the errors of a group of like tasks and goes on.

    The first failure has cancelled the other tasks: let each catch its own.
    """
    for block in module.nodes(ast.TryStar):
        many = [c for c in calls(block.body, "create_task", "start_soon") if _repeated(module, c, block)]
        for handler in block.handlers:
            collects = any(isinstance(n, ast.Attribute) and n.attr == "exceptions" for n in within(handler.body))
            if many and collects and not any(isinstance(n, ast.Raise) for n in within(handler.body)):
                yield handler, "the first failure has cancelled the other tasks: their successes are not reported"


@error("except TaskGroup", "except create_task_group")
def both_clauses_run(module: Module) -> Found:
    """Flags two `except*` clauses around a task group that both raise a new exception: both may run for one group."""
    for block in module.nodes(ast.TryStar):
        grouped = any(isinstance(n, ast.withitem) and module.means(n.context_expr, *GROUPS) for n in within(block.body))
        raising = [h for h in block.handlers if _raises(h)]
        if grouped and len(raising) > 1:
            yield raising[1], "after the clause above this one runs as well, and both exceptions leave as one group"


@warning("gather")
def siblings_go_on(module: Module) -> Found:
    """Flags a `gather()` of calls that write by their names: when one fails, the others run on after the error."""
    for call in module.calls("gather"):
        if not module.means(call, "asyncio.gather") or has(call, "return_exceptions") or len(call.args) < 2:
            continue
        writing = [a for a in call.args if isinstance(a, ast.Call) and WRITES.match(last(a))]
        if writing:
            yield call, f"when another call fails, {last(writing[-1])}() runs on and still writes"


@error("TaskGroup timeout", "TaskGroup timeout_at", "create_task_group fail_after", "create_task_group move_on_after")
def timeout_inside_the_group(module: Module) -> Found:
    """Flags a timeout that is entered after a task group and left before the group waits, with no await in between."""
    for block, item in _groups(module):
        later, body = block.items[block.items.index(item) + 1 :], block.body
        if len(body) == 1 and isinstance(body[0], ast.AsyncWith | ast.With):
            later, body = [*later, *body[0].items], body[0].body
        inner = [i for i in later if module.means(i.context_expr, *TIMEOUTS)]
        waits = (ast.Await, ast.AsyncFor, ast.AsyncWith, ast.Yield)
        if inner and not any(isinstance(n, waits) for n in within(body)):
            yield inner[0].context_expr, "left before the group waits for its tasks: this timeout never fires"


def _groups(module: Module) -> list[tuple[With, ast.withitem]]:
    blocks: list[With] = [*module.nodes(ast.AsyncWith), *module.nodes(ast.With)]
    return [(b, i) for b in blocks for i in b.items if module.means(i.context_expr, *GROUPS)]


def _star_around(module: Module, block: ast.AST) -> bool:
    if any(True for _ in module.around(block, ast.TryStar)):
        return True
    handlers = [h for t in module.around(block, ast.Try) for h in t.handlers]
    return any(last(c).endswith("Group") for h in handlers for c in caught(h))


def _yields(block: ast.AST) -> bool:
    return any(isinstance(n, ast.Yield) for n in walk(block))


def _repeated(module: Module, call: ast.AST, block: ast.AST) -> bool:
    return any(block in module.above(loop) for loop in module.around(call, *LOOPS, *COMPREHENSIONS))


def _raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(n, ast.Raise) and n.exc is not None for n in within(handler.body))
