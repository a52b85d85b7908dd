"""The stage on which examples run: real servers, and meters that observe them from outside."""

from .database import Database
from .loop import LoopLag, until
from .migrations import UPGRADED, Client, busy, folder_of, project, upgraded
from .proxy import Proxy, proxy
from .server import Served, Spawned, leave_early, serve, spawn
from .sql import Traffic, checked_out, engine_of, executed, request, statements, traffic
from .upstream import Request, Upstream, upstream

__all__ = [
    "UPGRADED",
    "Client",
    "Database",
    "LoopLag",
    "Proxy",
    "Request",
    "Served",
    "Spawned",
    "Traffic",
    "Upstream",
    "busy",
    "checked_out",
    "engine_of",
    "executed",
    "folder_of",
    "leave_early",
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
]
