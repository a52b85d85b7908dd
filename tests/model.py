"""A stand-in for the model behind Claude Code: it calls the tools that a script names, and keeps what it was told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Call = tuple[str, Mapping[str, str]]


@dataclass(slots=True)
class Model:
    """The script, and the conversation as it stood at each turn of the agent."""

    script: Sequence[Call]
    address: str = ""
    told: list[str] = field(default_factory=list)

    def answer(self, request: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], str]:
        """Content block, its delta and the reason to stop: the next call of the script, or a last word."""
        turn = json.dumps(request["messages"]).count('"type": "tool_result"')
        if any(tool.get("name") == "Read" for tool in request.get("tools", ())):
            self.told.append(json.dumps([request.get("system"), request["messages"]]))
            if turn < len(self.script):
                name, arguments = self.script[turn]
                block = {"type": "tool_use", "id": f"toolu_{turn}", "name": name, "input": {}}
                return block, {"type": "input_json_delta", "partial_json": json.dumps(arguments)}, "tool_use"
        return {"type": "text", "text": ""}, {"type": "text_delta", "text": "done"}, "end_turn"


@contextmanager
def scripted(*script: Call) -> Iterator[Model]:
    """A model that listens on this machine."""
    model = Model(script)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def log_message(self, *_: object) -> None: ...

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = _events(request, *model.answer(request))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    model.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _events(request: Mapping[str, Any], block: object, delta: object, reason: str) -> bytes:
    """The server-sent events of one answer of the Messages API."""
    usage = {"input_tokens": 1, "output_tokens": 1}
    message = {
        "id": "msg_0",
        "type": "message",
        "role": "assistant",
        "model": request["model"],
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage,
    }
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}, "usage": usage},
        {"type": "message_stop"},
    ]
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events).encode()
