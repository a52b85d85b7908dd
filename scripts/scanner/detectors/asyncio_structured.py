"""Semaphores, threads, executors and jobs that outlive their request."""

from __future__ import annotations

import ast

from .. import web
from ..finding import Found, warning
from ..kinds import GROUPS, TIMEOUTS
from ..module import Module
from ..syntax import FUNCTIONS, awaited, caught, dotted, last, receiver, targets, walk

SEMAPHORES = ("asyncio.Semaphore", "asyncio.BoundedSemaphore", "anyio.Semaphore", "anyio.CapacityLimiter")
HOLDERS = ("re", "json")
BROAD = ("Exception", "BaseException")


@warning("Semaphore", "BoundedSemaphore", "CapacityLimiter")
def queue_time_on_the_clock(module: Module) -> Found:
    """Flags a semaphore that is entered inside a timeout: the wait for a slot counts.

    Right for a total deadline, wrong for the patience with one call.
    """
    for block in module.nodes(ast.AsyncWith):
        for item in block.items:
            if module.is_kind(item.context_expr, *SEMAPHORES):
                found = module.under(item, *TIMEOUTS)
                if found and (found[0] is block or found[0].body == [block]):
                    yield item.context_expr, "the timeout counts the wait for a slot: enter the semaphore first"


@warning("Semaphore", "BoundedSemaphore", "CapacityLimiter")
def semaphore_per_call(module: Module) -> Found:
    """Flags a semaphore that is made inside an async function: it bounds one call, not the process.

    In a script, which calls it once, there is no difference.
    """
    if "__main__" in module.text:
        return
    for call in module.calls("Semaphore", "BoundedSemaphore"):
        named = any(isinstance(t, ast.Name) for t in targets(module.parent(call)))
        function = module.coroutine(call)
        once = function is None or function.name in {"main", "lifespan"} or function.name.startswith("test_")
        if named and function and not once and module.means(call, *SEMAPHORES):
            yield (
                call,
                f"each call of {function.name}() brings its own slots: the upstream sees those of all that run at once",
            )


@warning("TaskGroup create_task", "create_task_group start_soon")
def one_job_ends_them_all(module: Module) -> Found:
    """Flags a job that may raise into a task group kept in an attribute: one failure cancels the group for good."""
    kept = {
        item.optional_vars.attr
        for block in module.nodes(ast.AsyncWith)
        for item in block.items
        if isinstance(item.optional_vars, ast.Attribute) and module.means(item.context_expr, *GROUPS)
    } | {
        node.targets[0].attr
        for node in module.nodes(ast.Assign)
        if isinstance(node.targets[0], ast.Attribute) and _is_group(module, node.value)
    }
    for call in module.calls("create_task", "start_soon"):
        group = receiver(call)
        if isinstance(group, ast.Attribute) and group.attr in kept and call.args:
            if raises_out(module, call.args[0]):
                yield (
                    call,
                    f"one {last(call.args[0])}() that raises ends the group {dotted(group)}, and every later job",
                )


@warning("to_thread re", "to_thread json", "run_in_executor re", "run_in_executor json", "to_thread run_sync")
def gil_held_in_a_thread(module: Module) -> Found:
    """Flags `re` and `json` functions given to a thread: they hold the GIL for the whole call.

    A trusted pattern on short text is harmless.
    """
    for call in module.calls("to_thread", "run_in_executor", "run_sync"):
        work = call.args[1:2] if last(call) == "run_in_executor" else call.args[:1]
        if last(call) == "run_sync" and "to_process" in dotted(call):
            continue
        for function in work:
            if isinstance(function, ast.Attribute) and module.origin(function).partition(".")[0] in HOLDERS:
                yield call, f"{dotted(function)} keeps the GIL: the loop stands still as if it had been called directly"


@warning("ThreadPoolExecutor", "ProcessPoolExecutor")
def executor_per_call(module: Module) -> Found:
    """Flags `with ThreadPoolExecutor()` in an async function: leaving it joins the threads on the loop's thread."""
    for block in module.nodes(ast.With):
        for item in block.items:
            if last(item.context_expr) in {"ThreadPoolExecutor", "ProcessPoolExecutor"} and module.coroutine(block):
                yield block, "leaving this block waits for the threads on the event loop, after a timeout too"


def _is_group(module: Module, node: ast.expr) -> bool:
    """Whether a value is a task group: entered under a name, or by `await stack.enter_async_context(TaskGroup())`."""
    if isinstance(node, ast.Name):
        return any(b.how == "with" and module.means(b.node, *GROUPS) for b in module.bindings(node))
    entered = node.value if isinstance(node, ast.Await) and last(node.value) == "enter_async_context" else None
    return isinstance(entered, ast.Call) and any(module.means(a, *GROUPS) for a in entered.args)


def raises_out(module: Module, work: ast.AST) -> bool:
    """Whether a function that is called or named here is the project's and awaits outside a `try` for Exception."""
    found = module.target_function(work.func if isinstance(work, ast.Call) else work)
    if found is None or not isinstance(found[1], ast.AsyncFunctionDef):
        return False
    where, function = found
    open_ = [n for n in walk(function) if isinstance(n, ast.Await) and not _guarded(where, n)]
    raised = (n for n in walk(function) if isinstance(n, ast.Raise) and not _guarded(where, n))
    return any(last(n.value) != "sleep" for n in open_) or any(True for _ in raised)


def unguarded_loop(module: Module, work: ast.AST) -> bool:
    """Whether a function that is called or named here loops for ever and awaits outside a `try` for Exception."""
    found = module.target_function(work.func if isinstance(work, ast.Call) else work)
    if found is None:
        return False
    where, function = found
    endless = [n for n in walk(function) if isinstance(n, ast.While) and not isinstance(n.test, ast.Name)]
    return any(
        last(n) not in {"sleep", "get", "wait"} and not _guarded(where, n) and not _guards_itself(where, n)
        for loop in endless
        for n in awaited(loop)
    )


def in_lifespan(module: Module, node: ast.AST) -> bool:
    """Whether a node is a lifespan's own code."""
    function = module.function(node)
    return isinstance(function, FUNCTIONS) and web.is_lifespan(module, function)


def _guarded(module: Module, node: ast.AST) -> bool:
    """Whether an exception of `node` is caught for good in its function."""
    above = {node, *module.above(node)}
    tried = (t for t in module.around(node, ast.Try) if not above.isdisjoint(t.body))
    suppressed = (i for w in module.around(node, ast.With) for i in w.items if last(i.context_expr) == "suppress")
    return any(_keeps(module, h) for t in tried for h in t.handlers) or any(True for _ in suppressed)


def _guards_itself(module: Module, call: ast.AST) -> bool:
    """Whether nothing of the function that is called stands outside a `try` for Exception, but its docstring."""
    found = module.target_function(call.func) if isinstance(call, ast.Call) else None
    if found is None:
        return False
    where, function = found
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return all(isinstance(s, ast.Try) and any(_keeps(where, h) for h in s.handlers) for s in body)


def _keeps(module: Module, handler: ast.ExceptHandler) -> bool:
    broad = handler.type is None or any(module.means(c, *BROAD) for c in caught(handler))
    return broad and not any(isinstance(n, ast.Raise) for s in handler.body for n in (s, *walk(s)))
