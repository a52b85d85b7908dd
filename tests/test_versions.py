"""Each row of references/fastapi-versions.md, probed where it can be seen: on the versions installed."""

from __future__ import annotations

import inspect
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import starlette.applications
import starlette.status
import starlette.websockets
import uvicorn
from fastapi_probes import FASTAPI, Probe
from skill_validator.markdown import read_document

PAGE = Path(__file__).parents[1] / "references" / "fastapi-versions.md"


async def status_422_renamed() -> bool:
    with pytest.warns(UserWarning, match="HTTP_422_UNPROCESSABLE_CONTENT"):
        return bool(starlette.status.HTTP_422_UNPROCESSABLE_ENTITY == 422)


async def on_startup_removed() -> bool:
    parameters = inspect.signature(starlette.applications.Starlette).parameters
    return "on_startup" not in parameters and not hasattr(starlette.applications.Starlette, "route")


async def closed_websocket_has_its_error() -> bool:
    return issubclass(starlette.websockets.WebSocketDisconnected, RuntimeError)


async def sigterm_is_raised_again() -> bool:
    code = "import uvicorn\nasync def app(s, r, w): ...\nuvicorn.run(app, port=0, log_level='info', lifespan='off')"
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, env=os.environ, text=True)
    assert process.stderr is not None
    while "running on" not in process.stderr.readline():
        assert process.poll() is None
    process.terminate()
    process.stderr.read()
    process.stderr.close()
    return process.wait(10) == -signal.SIGTERM


async def setup_event_loop_is_gone() -> bool:
    with pytest.raises(AttributeError, match="get_loop_factory"):
        uvicorn.Config("app:app").setup_event_loop()
    return True


PROBES: dict[tuple[str, str], Probe] = FASTAPI | {
    ("starlette", "0.48.0"): status_422_renamed,
    ("starlette", "1.0.0"): on_startup_removed,
    ("starlette", "1.7.0"): closed_websocket_has_its_error,
    ("uvicorn", "0.29.0"): sigterm_is_raised_again,
    ("uvicorn", "0.36.0"): setup_event_loop_is_gone,
}


@pytest.mark.parametrize("row", PROBES, ids=" ".join)
async def test_what_the_row_says_holds_here(row: tuple[str, str]) -> None:
    assert await PROBES[row]()


def test_every_row_has_its_probe() -> None:
    document = read_document(PAGE, PAGE.read_text(encoding="utf-8"))
    rows = [(table.section, row.cells[0]) for table in document.tables for row in table.rows[1:]]

    assert rows == list(PROBES)
