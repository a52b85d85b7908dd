"""The stage on which examples run: real servers, and meters that observe them from outside."""

from .database import Database
from .loop import LoopLag, QuickLoop, outcome, until
from .migrations import UPGRADED, Client, busy, folder_of, project, upgraded
from .pgbouncer import pgbouncer
from .processes import forked
from .proxy import Proxy, proxy
from .server import Served, Spawned, leave_early, serve, spawn
from .sql import Traffic, checked_out, disposing, engine_of, executed, muted, request, statements, traffic, value
from .upstream import Request, Upstream, upstream

__all__ = [
    "UPGRADED",
    "Client",
    "Database",
    "LoopLag",
    "Proxy",
    "QuickLoop",
    "Request",
    "Served",
    "Spawned",
    "Traffic",
    "Upstream",
    "busy",
    "checked_out",
    "disposing",
    "engine_of",
    "executed",
    "folder_of",
    "forked",
    "leave_early",
    "muted",
    "outcome",
    "pgbouncer",
    "project",
    "proxy",
    "request",
    "serve",
    "spawn",
    "statements",
    "traffic",
    "until",
    "upgraded",
    "upstream",
    "value",
]
