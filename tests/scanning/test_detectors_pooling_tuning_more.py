"""Overload, gauges and limits of a pool."""

from __future__ import annotations

from scans import Codes, silent

NEAR_MISSES: Codes = {
    "gauge-blank-with-workers": {
        "one process": """
            from prometheus_client import Gauge
            used = Gauge("used", "used")
            used.set_function(lambda: 1)  # not multiprocess_mode
        """,
    },
    "free-connections-at-zero": {
        "counted elsewhere": """
            def idle(pool) -> int:
                return pool.checkedin()
        """,
        "other gauges": """
            # checkedin
            gauge.set()
            gauge.set_function(pool.checkedout)
        """,
    },
    "zero-is-no-limit": {
        "no overflow asked for": """
            engine = create_async_engine("x", pool_size=0, max_overflows=1)  # max_overflow
        """,
    },
    "queue-that-no-gauge-shows": {
        "counted elsewhere": """
            def more(pool) -> int:
                return pool.overflow()  # set_function
        """,
        "other gauges": """
            # overflow
            gauge.set()
            gauge.set_function(pool.checkedout)
        """,
    },
    "leak-without-an-address": {
        "no listener": """
            def where(traceback, checkout) -> str:
                return traceback.format_stack()
        """,
    },
}


test_near_misses = silent(NEAR_MISSES)
