"""The stage on which examples run: real servers, and meters that observe them from outside."""

from .database import Database
from .loop import LoopLag, QuickLoop, outcome, result_of, until
from .migrations import UPGRADED, Client, busy, folder_of, project, upgraded
from .pgbouncer import pgbouncer
from .postgres import Cluster, cluster
from .processes import forked
from .proxy import Proxy, proxy
from .server import Served, Spawned, leave_early, serve, spawn
from .service import ORIGIN, Service, deployed, migrate
from .sql import Traffic, checked_out, disposing, engine_of, executed, muted, request, statements, traffic, value
from .upstream import Request, Upstream, upstream

__all__ = [
    "ORIGIN",
    "UPGRADED",
    "Client",
    "Cluster",
    "Database",
    "LoopLag",
    "Proxy",
    "QuickLoop",
    "Request",
    "Served",
    "Service",
    "Spawned",
    "Traffic",
    "Upstream",
    "busy",
    "checked_out",
    "cluster",
    "deployed",
    "disposing",
    "engine_of",
    "executed",
    "folder_of",
    "forked",
    "leave_early",
    "migrate",
    "muted",
    "outcome",
    "pgbouncer",
    "project",
    "proxy",
    "request",
    "result_of",
    "serve",
    "spawn",
    "statements",
    "traffic",
    "until",
    "upgraded",
    "upstream",
    "value",
]
