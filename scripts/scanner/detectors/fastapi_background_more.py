"""What outlives the request: tasks, routers' lifespans, settings, files."""

from __future__ import annotations

import ast

from .. import web
from ..finding import Found, error, warning
from ..module import Module
from ..syntax import at, calls, dotted, keyword, last, names, number, parameters

TASKS = ("fastapi.BackgroundTasks", "starlette.BackgroundTasks")
SLOW = {"JSONResponse", "ORJSONResponse", "UJSONResponse"}
REMOVES = {"remove", "unlink", "rmtree"}
SECRET = {"SecretStr", "SecretBytes"}


@error("websocket BackgroundTasks")
def tasks_of_a_websocket(module: Module) -> Found:
    """Flags BackgroundTasks in a WebSocket route: they are injected, and never run."""
    for route in web.routes(module):
        for parameter in parameters(route.function) if route.is_websocket else ():
            if module.annotated(parameter.annotation) in TASKS:
                yield parameter, "never run: a WebSocket has no response that would run them"


@error("add_task")
def session_handed_to_a_task(module: Module) -> Found:
    """Flags a session of function scope given to a background task: it is closed before the task starts."""
    for function in module.functions:
        closed = {
            d.parameter.arg
            for d in web.depends(module, function)
            if d.parameter and d.is_session and d.scope == "function"
        } if any(True for _ in calls(function, "add_task")) else set()  # fmt: skip
        for call in calls(function, "add_task") if closed else ():
            if any(names(a) & closed for a in (*call.args[1:], *(k.value for k in call.keywords))):
                yield call, "closed before the task starts: it is opened again, and never returned"


@error("lifespan include_router")
def lifespan_of_a_router(module: Module) -> Found:
    """Flags an APIRouter with a lifespan that is included more than once: it runs once for each include."""
    for made in module.calls("APIRouter"):
        above = module.parent(made)
        name = dotted(above.targets[0]) if isinstance(above, ast.Assign) else ""
        if not name or keyword(made, "lifespan") is None:
            continue
        where = module.scope(made)
        included = [
            c
            for c in module.calls("include_router")
            if c.args and dotted(c.args[0]) == name and module.scope(c) is where
        ]
        if len(included) > 1:
            yield max(included, key=at), f"the lifespan of {name!r} runs once for each include"


@warning("uvicorn workers")
def failed_start_with_status_0(module: Module) -> Found:
    """Flags `uvicorn.run(workers=...)`: when no worker can start it ends with status 0."""
    for call in module.calls("run"):
        given = keyword(call, "workers")
        if module.means(call, "uvicorn.run") and given is not None and number(given) not in {0, 1}:
            yield call, "a worker that cannot start ends this with status 0: let the orchestrator multiply"


@warning("SecretStr", "SecretBytes")
def secrets_in_the_start_log(module: Module) -> Found:
    """Flags settings with secrets that print their input when a variable is missing: `hide_input_in_errors=True`."""
    for klass in module.nodes(ast.ClassDef):
        secrets = [
            n
            for n in klass.body
            if isinstance(n, ast.AnnAssign) and any(last(p) in SECRET for p in ast.walk(n.annotation))
        ]
        if secrets and web.is_settings(module, klass) and "hide_input_in_errors" not in module.text:
            yield secrets[0], "printed in plain when another variable is missing: hide_input_in_errors=True"


@error("FileResponse BackgroundTask")
def file_kept_by_a_bad_range(module: Module) -> Found:
    """Flags a FileResponse that removes its file in a background task: not after a 416, so each leaves a file."""
    for call in module.calls("FileResponse"):
        task = keyword(call, "background")
        for made in module.values(task):
            if (
                isinstance(made, ast.Call)
                and last(made) == "BackgroundTask"
                and made.args
                and last(made.args[0]) in REMOVES
            ):
                yield call, "not removed when the client asks for a range that is not there"


@error("add_task raise")
def added_before_the_error(module: Module) -> Found:
    """Flags a background task that is added right before an HTTPException: its response is not sent."""
    for call in module.calls("add_task"):
        statement = module.parent(call)
        above = module.parent(statement) if statement else None
        function = module.function(call)
        if function is None or not _injected(module, function, call):
            continue
        for block in (getattr(above, field, None) for field in ("body", "orelse", "finalbody")):
            if isinstance(block, list) and statement in block:
                later = block[block.index(statement) + 1 :]
                if any(isinstance(s, ast.Raise) and last(s.exc) == "HTTPException" for s in later):
                    yield call, "dropped: the HTTPException below makes a response without it"


@warning("default_response_class")
def fast_path_turned_off(module: Module) -> Found:
    """Flags a JSON response class as the default: naming one turns the fast serialisation off since FastAPI 0.130."""
    for call in module.calls("FastAPI", "APIRouter"):
        given = keyword(call, "default_response_class")
        if last(given) in SLOW:
            yield given or call, "naming it turns the serialisation in Rust off (FastAPI >= 0.130)"


def _injected(module: Module, function: ast.AST, call: ast.Call) -> bool:
    name = dotted(call.func).rpartition(".")[0]
    return any(p.arg == name and module.annotated(p.annotation) in TASKS for p in parameters(function))
