"""The stage on which examples run: real servers, and meters that observe them from outside."""

from .database import Database
from .loop import LoopLag, until
from .proxy import Proxy, proxy
from .server import Served, Spawned, leave_early, serve, spawn
from .sql import Traffic, checked_out, executed, statements, traffic
from .upstream import Request, Upstream, upstream

__all__ = [
    "Database",
    "LoopLag",
    "Proxy",
    "Request",
    "Served",
    "Spawned",
    "Traffic",
    "Upstream",
    "checked_out",
    "executed",
    "leave_early",
    "proxy",
    "serve",
    "spawn",
    "statements",
    "traffic",
    "until",
    "upstream",
]
