"""Caches, queues, contexts and threads."""

from __future__ import annotations

import ast

from ..finding import Found, error, warning
from ..kinds import TIMEOUTS
from ..module import Module
from ..syntax import at, calls, dotted, keyword, last, number, receiver, walk, within
from .asyncio_structured import SEMAPHORES, in_lifespan, unguarded_loop

THREADS = ("run_in_threadpool", "run_sync", "to_thread")
LIMITED = ("fastapi.run_in_threadpool", "starlette.run_in_threadpool", "anyio.run_sync")
FUTURES = ("asyncio.Queue", "anyio.Queue")


@warning("lru_cache anyio")
def failures_empty_the_cache(module: Module) -> Found:
    """Flags `anyio.functools.lru_cache` with a `maxsize`: in 4.16.0 each failed load takes a place for ever."""
    for call in module.calls("lru_cache"):
        if module.means(call, "anyio.lru_cache") and number(keyword(call, "maxsize")) is not None:
            yield call, "each failed load takes a place for ever (anyio 4.16.0)"


@warning("lru_cache anyio")
def waiters_fail_in_a_row(module: Module) -> Found:
    """Flags a timeout inside a cached coroutine: who waits for a load that fails starts the next, one after another.

    One that stands behind a semaphore limits the call alone, and is let be.
    """
    for function in module.coroutines:
        if any(module.means(d, "anyio.lru_cache") for d in function.decorator_list):
            for node in walk(function):
                first = isinstance(node, ast.withitem) and not any(True for _ in module.entered(node))
                if first and isinstance(node, ast.withitem) and module.means(node.context_expr, *TIMEOUTS):
                    yield node.context_expr, "the tenth waiter waits for ten of these: put the timeout around the call"


@warning("run_in_threadpool", "to_thread")
def threads_past_the_limit(module: Module) -> Found:
    """Flags a timeout around a call in the shared thread pool: its place is free again, the thread is not."""
    for call in module.calls(*THREADS):
        if module.means(call, *LIMITED) and module.under(call, "asyncio.timeout", "asyncio.timeout_at"):
            yield call, "after a timeout the thread runs on and is counted no more"


@warning("ContextVar create_task")
def worker_of_the_first_tenant(module: Module) -> Found:
    """Flags a worker that is started when first needed, in a module with context variables: it keeps the first's.

    Give it `context=Context()`, and each job its own.
    """
    for call in module.calls("create_task", "ensure_future"):
        above = module.parent(call)
        lazy = isinstance(above, ast.BoolOp) and isinstance(above.op, ast.Or)
        lazy = lazy or any(
            "None" in ast.dump(i.test) or "done" in ast.dump(i.test) for i in module.around(call, ast.If)
        )
        if lazy and keyword(call, "context") is None and call.args and _outlives(module, _assigned(module, call)):
            found = module.target_function(call.args[0].func if isinstance(call.args[0], ast.Call) else None)
            if found and any(isinstance(n, ast.While) for n in walk(found[1])):
                yield call, "keeps the context variables of the first caller for every later job"


@error("ContextVar run_in_executor")
def context_left_behind(module: Module) -> Found:
    """Flags a function given to `run_in_executor` that reads a context variable: the thread sees the default.

    Unlike `to_thread`, it carries no context. Give it `copy_context().run`.
    """
    for call in module.calls("run_in_executor"):
        found = module.target_function(call.args[1]) if len(call.args) > 1 else None
        for read in calls(found[1], "get") if found else ():
            variable = receiver(read)
            if found and found[0].is_kind(variable, "contextvars.ContextVar"):
                yield call, f"the thread sees the default of {dotted(variable)}: give it copy_context().run"
                break


@warning("asyncio run AsyncEngine", "asyncio run Pool", "asyncio run create_async_engine", "asyncio run create_pool")
def loop_per_call(module: Module) -> Found:
    """Flags `asyncio.run()` with an engine or pool that was made outside: the second run meets a closed loop."""
    for call in module.calls("run"):
        function = module.function(call)
        if not module.means(call, "asyncio.run") or getattr(function, "name", "main") in {"main", "cli"}:
            continue
        for argument in call.args[0].args if call.args and isinstance(call.args[0], ast.Call) else ():
            if module.is_kind(argument, "sqlalchemy.AsyncEngine", "asyncpg.Pool"):
                yield call, f"a new loop each time, and the connections of {dotted(argument)!r} belong to the first"


@error("task_done join")
def join_on_dead_workers(module: Module) -> Found:
    """Flags `await queue.join()` with workers that may raise before `task_done()`, and that nobody looks at."""
    for call in module.calls("join"):
        function = module.coroutine(call)
        queue = receiver(call)
        if function is None or not module.is_kind(queue, *FUTURES) or module.under(call, "asyncio.TaskGroup"):
            continue
        if not isinstance(module.parent(call), ast.Await):
            continue
        if any(at(c) < at(call) for c in calls(function, "gather", "wait")):
            continue  # the workers were looked at before
        for start in calls(function, "create_task", "ensure_future"):
            work = start.args[0] if start.args else None
            found = module.target_function(work.func) if isinstance(work, ast.Call) else None
            if found and work and unguarded_loop(module, work) and not _always_done(found[1]):
                yield call, f"waits for ever when {found[1].name}() raises before task_done()"
                break


@warning("Queue put_nowait")
def queue_fed_from_a_thread(module: Module) -> Found:
    """Flags `put_nowait` of an asyncio queue given away as a callback: from a thread it does not wake the loop."""
    for node in module.nodes(ast.Attribute):
        above = module.parent(node)
        given = isinstance(above, ast.Call) and node in above.args and last(above) not in {"call_soon", "partial"}
        if node.attr == "put_nowait" and given and last(above) not in {"call_soon_threadsafe", "call_later"}:
            if module.is_kind(node.value, *FUTURES) and isinstance(module.function(node), ast.AsyncFunctionDef):
                yield node, "called in another thread it does not wake the loop: call_soon_threadsafe"


@warning("create_task while")
def refresher_that_died_unseen(module: Module) -> Found:
    """Flags an endless loop that may raise, in a task kept in an attribute: its exception is never seen."""
    for call in module.calls("create_task", "ensure_future"):
        kept = isinstance(_assigned(module, call), ast.Attribute) and module.means(
            call, "asyncio.create_task", "asyncio.ensure_future"
        )
        if kept and call.args and not in_lifespan(module, call) and _sleeps(module, call.args[0]):
            if unguarded_loop(module, call.args[0]):
                yield call, f"one failure ends {last(call.args[0])}(), and nothing is logged while the task is kept"


@warning("Semaphore create_task", "BoundedSemaphore create_task", "CapacityLimiter start_soon", "Semaphore start_soon")
def tasks_ahead_of_their_slots(module: Module) -> Found:
    """Flags a task for each item of an async source, whose slot is taken inside the task: all are read at once."""
    for call in module.calls("create_task", "start_soon"):
        if not any(True for _ in module.around(call, ast.AsyncFor)) or not call.args:
            continue
        work = call.args[0]
        found = module.target_function(work.func if isinstance(work, ast.Call) else work)
        for node in within(found[1].body) if found else ():
            if found and isinstance(node, ast.withitem) and found[0].is_kind(node.context_expr, *SEMAPHORES):
                yield call, "the source is read as fast as it goes: acquire the slot before the task"


def _assigned(module: Module, call: ast.AST) -> ast.AST | None:
    """What the value of a call is assigned to."""
    statement = next((n for n in module.above(call) if isinstance(n, ast.stmt)), None)
    if isinstance(statement, ast.Assign):
        return statement.targets[0]
    return statement.target if isinstance(statement, ast.AnnAssign) else None


def _outlives(module: Module, target: ast.AST | None) -> bool:
    """Whether what is assigned is kept beyond its function: in an attribute, or in a global variable."""
    if isinstance(target, ast.Name):
        scope = module.scope(target)
        return any(isinstance(n, ast.Global) and target.id in n.names for n in walk(scope))
    return isinstance(target, ast.Attribute)


def _always_done(function: ast.AST) -> bool:
    blocks = (n for n in walk(function) if isinstance(n, ast.Try))
    return any(True for b in blocks for _ in calls(b.finalbody, "task_done"))


def _sleeps(module: Module, work: ast.AST) -> bool:
    found = module.target_function(work.func if isinstance(work, ast.Call) else work)
    return bool(found) and any(True for _ in calls(found[1], "sleep")) if found else False
