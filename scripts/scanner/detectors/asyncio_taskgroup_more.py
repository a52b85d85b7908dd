"""Task groups: results awaited in the body, races, deadlines."""

from __future__ import annotations

import ast
from typing import cast

from ..finding import Found, error, warning
from ..kinds import GROUPS, TIMEOUTS
from ..module import Module
from ..syntax import awaited, calls, caught, dotted, is_true, keyword, last, leaves, receiver, within

ASYNCIO = ("asyncio.TaskGroup",)
ANYIO = ("anyio.create_task_group",)
CANCELLED = ("asyncio.CancelledError",)


@error("TaskGroup except")
def fallback_in_the_body(module: Module) -> Found:
    """Flags `except` around `await task` in the body of the task's own group: the error does not arrive there.

    The failing task cancels the body first. Catch it in the task.
    """
    for block in module.nodes(ast.Try):
        for call in awaited(block.body):
            if not isinstance(call, ast.Name) or not (group := _own_group(module, call, ASYNCIO)):
                continue
            inside = any(here is group for here in module.above(block))
            kinds = [k for h in block.handlers for k in caught(h)]
            mute = [k for k in kinds if last(k) not in {"CancelledError", "BaseException"}]
            if inside and mute and len(mute) == len(kinds):
                yield block.handlers[0], f"never reached: a failing {call.id!r} cancels the body of its group first"
                break


@warning("create_task_group Task")
def group_that_ends_in_silence(module: Module) -> Found:
    """Flags a task of an anyio group that awaits another task: if others cancel that, the group ends silently."""
    for call in module.calls("start_soon", "create_task"):
        group = receiver(call)
        if not isinstance(group, ast.Name) or not call.args or not _is_group(module, group, ANYIO):
            continue
        work = call.args[0]
        found = module.target_function(work.func if isinstance(work, ast.Call) else work)
        for waited in awaited(found[1]) if found else ():
            if found and found[0].is_kind(waited, "asyncio.Task", "asyncio.Future") and isinstance(waited, ast.Name):
                yield waited, f"when others cancel {waited.id!r}, the whole group ends without an exception"


@error("create_task_group except")
def failure_raised_twice(module: Module) -> Found:
    """Flags a handle of an anyio group awaited in its body, below `except*`: TaskFailed is raised beside the error."""
    for block in module.nodes(ast.TryStar):
        for call in awaited(block.body):
            if not isinstance(call, ast.Name) or not (group := _own_group(module, call, ANYIO)):
                continue
            if any(here is group for here in module.above(call)) and not any(
                True for _ in module.around(call, ast.Try)
            ):
                yield call, "raises TaskFailed beside the task's own error: read return_value after the group"


@warning("timeout TaskGroup except", "timeout_at TaskGroup except")
def miscounted_cancellation(module: Module) -> Found:
    """Flags a timeout around a loop whose task groups fail and are caught: Python < 3.13 miscounts cancellations."""
    for block in module.nodes(ast.TryStar):
        group = any(isinstance(n, ast.withitem) and module.means(n.context_expr, *ASYNCIO) for n in within(block.body))
        loop = next(module.around(block, ast.While, ast.For), None)
        goes_on = any(not leaves(h.body) for h in block.handlers)
        if group and loop and goes_on and module.under(loop, "asyncio.timeout", "asyncio.timeout_at"):
            yield block, "before Python 3.13 the timeout around this loop miscounts once an attempt has failed"


@warning("timeout TaskGroup TimeoutError")
def deadline_lost_in_the_group(module: Module) -> Found:
    """Flags `except TimeoutError` around a timeout and a task group: a failing cleanup makes it an ExceptionGroup."""
    for block in module.nodes(ast.Try):
        kinds = [k for h in block.handlers for k in caught(h)]
        if not any(module.means(k, "TimeoutError", "asyncio.TimeoutError") for k in kinds):
            continue
        if any(last(k).endswith("Group") or last(k) in {"Exception", "BaseException"} for k in kinds):
            continue
        inner = block.body[0]
        for item in inner.items if isinstance(inner, ast.AsyncWith) else ():
            if module.means(item.context_expr, *GROUPS) and module.under(item, *TIMEOUTS):
                handler = next(h for h in block.handlers if "TimeoutError" in ast.dump(h.type or ast.Pass()))
                yield handler, "one cleanup that fails makes the deadline an ExceptionGroup: ask deadline.expired()"


@warning("gather finally")
def cleanup_still_running(module: Module) -> Found:
    """Flags a `finally` that closes something behind a `gather()` with a timeout: its children still clean up."""
    for call in module.calls("gather"):
        if not module.means(call, "asyncio.gather") or not module.under(call, *TIMEOUTS[:-1]):
            continue
        for block in module.around(call, ast.Try):
            if any(True for _ in awaited(block.finalbody)) and not _within(module, call, block.finalbody):
                yield call, "left before all of its tasks have ended: they still use what the finally closes"
                break


@error("TaskGroup FIRST_COMPLETED")
def waiting_for_the_losers(module: Module) -> Found:
    """Flags a return out of a task group after the first answer, without a cancel: the group waits for the others."""
    for call in module.calls("wait"):
        first = last(keyword(call, "return_when")) == "FIRST_COMPLETED"
        group = module.under(call, *ASYNCIO)
        if not first or not group or not module.means(call, "asyncio.wait"):
            continue
        leaving = [n for n in within(group[0].body) if isinstance(n, ast.Return)]
        if leaving and not any(True for _ in calls(group[0].body, "cancel")):
            yield leaving[0], "the group still waits for the slower tasks: cancel them first"


@warning("return_exceptions isinstance")
def cancellederror_as_data(module: Module) -> Found:
    """Flags results of `gather(return_exceptions=True)` sorted by `isinstance(x, Exception)`: CancelledError is not."""
    for call in module.calls("isinstance"):
        if len(call.args) < 2 or not module.means(call.args[1], "Exception") or not isinstance(call.args[0], ast.Name):
            continue
        if any("CancelledError" in ast.dump(n.test) for n in module.around(call, ast.If)):
            continue
        if any("BaseException" in ast.dump(n.test) for n in module.around(call, ast.If)):
            continue
        source = _iterated(module, call, call.args[0].id)
        for made in module.values(source):
            inner = made.value if isinstance(made, ast.Await) else made
            if isinstance(inner, ast.Call) and last(inner) == "gather" and is_true(keyword(inner, "return_exceptions")):
                yield call, "a cancelled call's CancelledError is no Exception, and passes for a result"


@error("CancelledError TaskGroup")
def stop_that_stops_nothing(module: Module) -> Found:
    """Flags a task of a group that raises CancelledError to stop it: the task ends alone, the others go on."""
    for node in module.nodes(ast.Raise):
        function = module.coroutine(node)
        if not function or not node.exc or not module.means(node.exc, *CANCELLED):
            continue
        if any(True for _ in module.around(node, ast.ExceptHandler)):
            continue
        for call in module.calls("create_task"):
            work = call.args[0] if call.args and isinstance(call.args[0], ast.Call) else None
            found = module.target_function(work.func) if work else None
            if found and found[1] is function and module.under(call, *ASYNCIO):
                yield node, "ends this task alone: the group's other tasks go on"
                break


def _own_group(module: Module, name: ast.Name, groups: tuple[str, ...]) -> ast.AST | None:
    """The `async with` of the group that made the task in a variable, where the variable is awaited inside it."""
    for made in module.values(name):
        group = made.func.value if isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute) else None
        if last(made) != "create_task" or not isinstance(group, ast.Name):
            continue
        for block, item in module.entered(name):
            if dotted(item.optional_vars) == group.id and module.means(item.context_expr, *groups):
                return block
    return None


def _is_group(module: Module, name: ast.Name, groups: tuple[str, ...]) -> bool:
    return any(b.how == "with" and module.means(b.node, *groups) for b in module.bindings(name))


def _within(module: Module, node: ast.AST, block: list[ast.stmt]) -> bool:
    above = set(module.above(node))
    return any(s in above for s in block)


def _iterated(module: Module, node: ast.AST, name: str) -> ast.AST | None:
    """What a loop or comprehension around `node` takes `name` from."""
    for here in module.above(node):
        for part in getattr(here, "generators", ()):
            if dotted(part.target) == name:
                return cast("ast.expr", part.iter)
        if isinstance(here, ast.For) and dotted(here.target) == name:
            return here.iter
    return None
