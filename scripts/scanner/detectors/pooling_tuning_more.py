"""Overload, gauges and limits of a pool."""

from __future__ import annotations

import ast

from ..finding import Found, error, warning
from ..module import Module
from ..orm import opens_session
from ..syntax import COMPREHENSIONS, entries, has, keyword, last, number, receiver, within
from .asyncio_structured import SEMAPHORES
from .pooling_tuning import ENGINES


@warning("command_timeout connect_args")
def timeout_that_costs_the_connection(module: Module) -> Found:
    """Flags `connect_args` with a `command_timeout` and no `statement_timeout`: each timeout costs a connection."""
    for call in module.calls("create_async_engine"):
        for given in module.values(keyword(call, "connect_args")):
            settings = entries(given)
            if "command_timeout" in settings and "**" not in settings and "statement_timeout" not in module.text:
                if not has(call, "pool_timeout", "pool_pre_ping"):
                    yield given, "a query that ends by it takes its connection along: a shorter statement_timeout"


@error("set_function multiprocess_mode")
def gauge_blank_with_workers(module: Module) -> Found:
    """Flags `set_function` of a gauge with a `multiprocess_mode`: with several workers it exports 0 for ever."""
    for call in module.calls("set_function"):
        gauge = receiver(call)
        made = [v for v in module.values(gauge) if isinstance(v, ast.Call) and last(v) == "Gauge"]
        if any(keyword(m, "multiprocess_mode") is not None for m in made):
            yield call, "ignored with several workers: the gauge stays 0"


@error("checkedin")
def free_connections_at_zero(module: Module) -> Found:
    """Flags a gauge of `checkedin()`: it counts idle connections that are open, of which a fresh pool has none."""
    for call in module.calls("set_function", "set"):
        for node in ast.walk(call.args[0]) if call.args else ():
            if isinstance(node, ast.Attribute) and node.attr == "checkedin":
                yield call, "counts idle open connections, not those that may still be had: 0 at every start"
                break


@error("pool_size max_overflow")
def zero_is_no_limit(module: Module) -> Found:
    """Flags `pool_size=0` with a `max_overflow`: 0 is no limit, and the overflow is ignored."""
    for call in module.calls("create_async_engine", "create_engine"):
        if module.means(call, *ENGINES) and number(keyword(call, "pool_size")) == 0 and has(call, "max_overflow"):
            yield call, "0 means without a limit: max_overflow is ignored"


@warning("gather")
def one_request_takes_the_pool(module: Module) -> Found:
    """Flags a `gather()` over functions that each open a session, without a semaphore: one request takes them all."""
    for call in module.calls("gather"):
        for argument in call.args:
            many = isinstance(argument, ast.Starred) and isinstance(argument.value, COMPREHENSIONS)
            element = getattr(argument.value, "elt", None) if many and isinstance(argument, ast.Starred) else None
            found = module.target_function(element.func) if isinstance(element, ast.Call) else None
            for node in within(found[1].body) if found else ():
                if not found or not isinstance(node, ast.withitem) or not opens_session(found[0], node.context_expr):
                    continue
                if not any(found[0].is_kind(i.context_expr, *SEMAPHORES) for _, i in found[0].entered(node)):
                    yield call, f"a connection for each call of {found[1].name}(): one request takes the pool"
                    break


@warning("max_overflow pool_size")
def overflow_thrown_away(module: Module) -> Found:
    """Flags a pool whose overflow is larger than itself: overflow connections are closed after each use."""
    for call in module.calls("create_async_engine", "create_engine"):
        size, more = number(keyword(call, "pool_size")), number(keyword(call, "max_overflow"))
        if module.means(call, *ENGINES) and size and more and more > size:
            yield call, "overflow connections are closed after each use: a larger pool and less overflow"


@error("overflow set_function", "overflow set")
def queue_that_no_gauge_shows(module: Module) -> Found:
    """Flags a gauge of `pool.overflow()`: it counts open connections beyond the pool's size, and nobody who waits."""
    for call in module.calls("set_function", "set"):
        for node in ast.walk(call.args[0]) if call.args else ():
            if isinstance(node, ast.Attribute) and node.attr == "overflow":
                yield call, "counts open connections, not callers that wait: count who is inside connect()"
                break


@warning("checkout format_stack", "checkout extract_stack", "checkout print_stack")
def leak_without_an_address(module: Module) -> Found:
    """Flags a stack noted at the "checkout" event: it ends inside SQLAlchemy, the caller is on the parent's."""
    for call in module.calls("format_stack", "extract_stack", "print_stack"):
        function = module.function(call)
        heard = [d for d in getattr(function, "decorator_list", ()) if "checkout" in ast.dump(d)]
        if heard and not call.args and not call.keywords:
            yield call, "ends inside SQLAlchemy: the caller is on the parent greenlet's stack"


@warning("pool_recycle")
def recycled_too_late(module: Module) -> Found:
    """Flags `pool_recycle` without `pool_pre_ping`: after a restart all are young and dead."""
    for call in module.calls("create_async_engine", "create_engine"):
        recycled = number(keyword(call, "pool_recycle"))
        if module.means(call, *ENGINES) and recycled and recycled > 0 and not has(call, "pool_pre_ping"):
            yield call, "no help after a restart, when all are young and dead: pool_pre_ping"
