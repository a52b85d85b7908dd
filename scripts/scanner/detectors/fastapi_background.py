"""Lifespans, probes, workers and background tasks."""

from __future__ import annotations

import ast
import re

from .. import web
from ..finding import Found, error, warning
from ..kinds import GROUPS, TIMEOUTS
from ..module import Module
from ..syntax import Function, at, calls, dotted, last, parameters, receiver, walk
from .asyncio_structured import in_lifespan, unguarded_loop

PROBE = re.compile(r"(^|[_/-])(ready|readiness|readyz|health|healthz|healthcheck|alive|live|liveness|probe)([_/-]|$)")
PING = re.compile(r"\bselect\s+1\b", re.IGNORECASE)
TASKS = ("fastapi.BackgroundTasks", "starlette.BackgroundTasks")


@error("yield set", "yield add_signal_handler")
def stop_flag_after_yield(module: Module) -> Found:
    """Flags a lifespan that after its `yield` sets an event which a route waits for or asks.

    uvicorn resumes the lifespan when the last response is done: too late for a probe, never for a stream. Also a
    handler for SIGTERM that forgets uvicorn's own (`signal.getsignal`): then the process does not stop.
    """
    for call in module.calls("add_signal_handler"):
        first = in_lifespan(module, call) and call.args and last(call.args[0]) == "SIGTERM"
        if first and not any(module.calls("getsignal")):
            yield call, "replaces uvicorn's own handler: the process does not stop"
    routes = [r.function for r in web.routes(module)]
    asked = {
        dotted(c.func.value) for f in routes for c in calls(f, "wait", "is_set") if isinstance(c.func, ast.Attribute)
    }
    for function, after in _lifespans(module):
        for call in calls(function, "set"):
            event = receiver(call)
            if at(call) > after and dotted(event) in asked and module.is_kind(event, "asyncio.Event", "anyio.Event"):
                yield call, "uvicorn gets here after the last response: no probe and no stream sees this flag"


@warning("TaskGroup yield", "create_task_group yield")
def worker_ends_the_lifespan(module: Module) -> Found:
    """Flags a worker loop that may raise, started in a lifespan's task group: its first error closes what it opened."""
    for call in module.calls("create_task", "start_soon"):
        group = receiver(call)
        if not isinstance(group, ast.Name) or not call.args or not in_lifespan(module, call):
            continue
        if any(b.how == "with" and module.means(b.node, *GROUPS) for b in module.bindings(group)):
            if unguarded_loop(module, call.args[0]):
                yield (
                    call,
                    f"one error in {last(call.args[0])}() ends the lifespan and closes the pools under the requests",
                )


@warning("select 1", "SELECT 1", "Select 1")
def unbounded_readiness(module: Module) -> Found:
    """Flags a probe that asks the database without a timeout of its own: it queues for a connection like everybody."""
    for function in module.coroutines:
        said = [function.name, *(str(getattr(a, "value", "")) for d in function.decorator_list for a in _args(d))]
        if not any(PROBE.search(s) for s in said):
            continue
        for call in calls(function, "execute", "scalar", "scalars", "fetchval", "fetch", "fetchrow"):
            pings = call.args and PING.search(module.text_of(call.args[0]))
            if pings and not module.under(call, *TIMEOUTS) and not any(True for _ in calls(function, "wait_for")):
                yield call, "waits for a connection as long as everybody else: give the probe a timeout of its own"
                break


@warning("asynccontextmanager yield")
def half_started_lifespan(module: Module) -> Found:
    """Flags a lifespan with cleanup after a bare `yield`, of several steps or after several starts.

    If a later start fails, or an earlier close, the rest is skipped. Use an AsyncExitStack or `async with`.
    """
    for function, after in _lifespans(module):
        bare = [n for n in walk(function) if isinstance(n, ast.Yield)]
        if len(bare) != 1 or any(True for _ in module.around(bare[0], ast.Try, ast.AsyncWith, ast.With)):
            continue
        waits = [n for n in walk(function) if isinstance(n, ast.Await)]
        later = [n for n in waits if at(n) > after]
        if len(later) > 1 or (later and len(waits) - len(later) > 1):
            yield (
                max(later, key=at),
                "not reached when a start or a close before it fails: push it on an AsyncExitStack",
            )


@warning("add_task")
def first_failure_drops_the_rest(module: Module) -> Found:
    """Flags several different background tasks of one response: the first exception drops those behind it."""
    for function in module.functions:
        tasks = {p.arg for p in parameters(function) if module.annotated(p.annotation) in TASKS}
        added = sorted((c for c in calls(function, "add_task") if dotted(receiver(c)) in tasks and c.args), key=at)
        added = [c for c in added if not any(True for _ in module.around(c, ast.If, ast.Match))]
        if len({ast.dump(c.args[0]) for c in added}) > 1:
            yield added[0], f"when {dotted(added[0].args[0]) or 'it'} raises, the tasks added after it are dropped"


def _lifespans(module: Module) -> list[tuple[Function, tuple[int, int]]]:
    """The lifespans of a module, each with the position of its `yield`."""
    found = [f for f in module.coroutines if web.is_lifespan(module, f)]
    return [(f, min(at(n) for n in walk(f) if isinstance(n, ast.Yield | ast.YieldFrom))) for f in found]


def _args(decorator: ast.expr) -> list[ast.expr]:
    return decorator.args[:1] if isinstance(decorator, ast.Call) else []
