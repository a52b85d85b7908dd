"""Python text -> the calls in it that are unsafe with what strangers send. Read as a syntax tree, never executed."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Iterator
from typing import TypeGuard

from .hazards import SECRETS, Danger, hazards
from .python import nodes, syntax, walk

SUSPECTS = re.compile(
    r"verif|ssl=|CERT_NONE|check_hostname|\b(?:eval|exec)\(|pickle|marshal|dill|yaml\.|shell=|\.system\(|popen\(|_shell\(|getoutput\("
    r"|environ|rmtree|\bexecute|\.fetch|\btext\(|\.query\(|\.scalar|\.raw\(|_sql|\.ssh|id_rsa|\.aws"
)
SUSPECT_SCRIPTS = re.compile(
    r"verify(?:_ssl)?\s?=\s?False|ssl=False|CERT_NONE|check_hostname|_unverified_|\b(?:eval|exec)\(|shell=True|\.system\(|"
    r"rmtree\([\"'P]|environ[).]|id_rsa|\.aws/"
)
# One of these is in whatever SUSPECT_SCRIPTS finds: to look for them takes a tenth of its time.
SCRIPT_WORDS = {"verify", "ssl=", "CERT_NONE", "check_h", "_unver", "eval(", "exec(", "shell=T", ".system(", "rmtree("}
SCRIPT_WORDS |= {"environ", "id_rsa", ".aws/"}
LOOKED_AT = {ast.Call, ast.Assign, ast.Attribute}
CLIENTS = {
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "request",
    "stream",
    "ws_connect",
    "TCPConnector",
}
LOADERS = {"pickle", "cPickle", "dill", "marshal", "cloudpickle", "jsonpickle", "shelve"}
STATEMENTS = {
    "execute",
    "executemany",
    "executescript",
    "exec_driver_sql",
    "fetch",
    "fetchrow",
    "fetchval",
    "fetch_all",
    "fetch_one",
}
STATEMENTS |= {"text", "raw", "query", "scalar", "scalars", "read_sql", "read_sql_query", "mogrify", "sql"}
SENDERS = {"post", "put", "urlopen", "sendall", "patch"}
SHELLS = {"system", "popen", "create_subprocess_shell", "getoutput", "getstatusoutput"}
SQL = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|DROP|ALTER|CREATE|TRUNCATE|MERGE|REPLACE|WITH|GRANT|SET)\s", re.IGNORECASE
)
TABLELESS = re.compile(r"\s*SELECT\s(?!.*\bFROM\b)", re.IGNORECASE | re.DOTALL)
IDENTIFIER = re.compile(
    r"(FROM|INTO|TABLE|JOIN|UPDATE|DATABASE|SCHEMA|INDEX|VIEW|ROLE|USER|COLUMN|EXISTS|ONLY|TRUNCATE|BY|ON|IN|SELECT|[,.(])\s*[\"`\[]?\s*\(?$",
    re.IGNORECASE,
)


@functools.lru_cache(maxsize=1024)
def pitfalls(code: str, *, is_script: bool = False) -> tuple[Danger, ...]:
    """The unsafe calls of a module, in the order of their lines; none where it is not Python.

    Of a script only that counts which it does to the machine that runs it.
    """
    if is_script and not any(word in code for word in SCRIPT_WORDS):
        return ()
    if not (SUSPECT_SCRIPTS if is_script else SUSPECTS).search(code):
        return ()
    try:
        found = walk(syntax(code)) if is_script else nodes(code)
    except SyntaxError:
        return ()
    texts, sources = _texts(found), _sources(found)
    return tuple(
        sorted({danger for node in found if node.__class__ in LOOKED_AT for danger in _of_node(node, texts, sources)})
    )


def _texts(nodes: Iterable[ast.AST]) -> dict[str, ast.expr]:
    """The names that are bound to something, with its expression; to what is no plain text, where both are."""
    found: dict[str, ast.expr] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name not in found or not isinstance(node.value, ast.Constant):
                found[name] = node.value
    return found


def _sources(nodes: Iterable[ast.AST]) -> dict[str, str]:
    """The names imported from a module, with the module."""
    froms = (node for node in nodes if isinstance(node, ast.ImportFrom))
    return {alias.asname or alias.name: node.module or "" for node in froms for alias in node.names}


def _of_node(node: ast.AST, texts: dict[str, ast.expr], sources: dict[str, str]) -> Iterator[Danger]:
    if isinstance(node, ast.Call):
        yield from _tls_of_call(node)
        yield from _unsafe_call(node, sources)
        yield from _formatted(node, texts)
        yield from _told(node)
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
        name = node.targets[0].attr
        if name in {"verify", "check_hostname"} and _is_false(node.value):
            yield Danger(node.lineno, "tls", f"{name} = False switches the check of certificates off")
        elif name == "verify_mode" and _name(node.value) == "CERT_NONE":
            yield Danger(node.lineno, "tls", "certificates are not checked: CERT_NONE")
    elif isinstance(node, ast.Attribute) and node.attr in {
        "_create_unverified_context",
        "_create_unverified_https_context",
    }:
        yield Danger(node.lineno, "tls", f"certificates are not checked by {node.attr}")


def _tls_of_call(call: ast.Call) -> Iterator[Danger]:
    name = _name(call.func)
    for keyword in call.keywords:
        line = keyword.value.lineno
        off = _is_false(keyword.value)
        if off and (keyword.arg in {"verify_ssl", "check_hostname"} or (keyword.arg == "verify" and name != "decode")):
            yield Danger(line, "tls", f"{keyword.arg}=False switches the check of certificates off")
        elif off and keyword.arg == "ssl" and name in CLIENTS:
            yield Danger(line, "tls", "ssl=False switches the check of certificates off")
        elif keyword.arg in {"cert_reqs", "ssl_cert_reqs"} and _name(keyword.value) == "CERT_NONE":
            yield Danger(line, "tls", "certificates are not checked: CERT_NONE")


def _unsafe_call(call: ast.Call, sources: dict[str, str]) -> Iterator[Danger]:
    name = _name(call.func)
    module = _name(call.func.value) if isinstance(call.func, ast.Attribute) else sources.get(name, "")
    first = call.args[0] if call.args else None
    if isinstance(call.func, ast.Name) and name in {"eval", "exec"} and first and not isinstance(first, ast.Constant):
        fetched = any(
            isinstance(n, ast.Call) and _name(n.func) in {"urlopen", "get", "b64decode"} for n in ast.walk(first)
        )
        yield Danger(
            call.lineno,
            "fetched" if fetched else "unsafe",
            f"{name} runs {'what was fetched' if fetched else 'text as code'}",
        )
    elif name == "rmtree" and first and _name(first) in {"/", "~", "home"}:
        yield Danger(call.lineno, "destructive", "deletes everything below a home or the root")
    elif module in LOADERS and name in {"load", "loads", "Unpickler"}:
        yield Danger(call.lineno, "unsafe", f"{module}.{name} runs code that the data names")
    elif module == "yaml" and name in {"load", "load_all", "unsafe_load", "unsafe_load_all", "full_load"}:
        loaders = [k.value for k in call.keywords if k.arg == "Loader"] + call.args[1:2]
        if name.startswith("unsafe") or (
            name.startswith("load") and not any("Safe" in _name(x) or "Base" in _name(x) for x in loaders)
        ):
            yield Danger(call.lineno, "unsafe", f"yaml.{name} makes objects that the data names, unlike safe_load")


def _formatted(call: ast.Call, texts: dict[str, ast.expr]) -> Iterator[Danger]:
    """Texts that are put together and then run by a shell or a database."""
    name = _name(call.func)
    first = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg in {"args", "cmd"}), None)
    if first is None:
        return
    value = texts.get(first.id, first) if isinstance(first, ast.Name) else first
    shell = name in SHELLS or any(
        k.arg == "shell" and isinstance(k.value, ast.Constant) and k.value.value is True for k in call.keywords
    )
    if shell and _pieces(value, texts) is not None:
        yield Danger(value.lineno, "shell", f"{name} hands text that was put together to a shell")
    elif name in STATEMENTS and _is_sql(_pieces(value, texts) or [""]):
        yield Danger(value.lineno, "sql", f"{name} runs SQL that was put together from strings")


def _is_sql(pieces: list[str]) -> bool:
    """Whether pieces of a text are SQL with more put in between than names, which no parameter can be.

    What is selected without a table are values.
    """
    is_value = len(pieces) > 1 and TABLELESS.match(" ".join(pieces))
    return bool(SQL.match(pieces[0])) and not all(not is_value and IDENTIFIER.search(piece) for piece in pieces[:-1])


def _told(call: ast.Call) -> Iterator[Danger]:
    """What a shell is told to run, and what a client is told to send."""
    name = _name(call.func)
    first = call.args[0] if call.args else None
    is_shell = name in SHELLS or any(k.arg == "shell" for k in call.keywords)
    if is_shell and first is not None and _constant(first):
        yield from (Danger(first.lineno, h.kind, h.message) for h in hazards(_constant(first)))
    elif name in SENDERS:
        parts = [n for value in (*call.args, *(k.value for k in call.keywords)) for n in ast.walk(value)]
        whole = {
            id(n.value)
            for n in parts
            if isinstance(n, ast.Subscript) or (isinstance(n, ast.Attribute) and n.attr == "get")
        }
        if any(isinstance(n, ast.Attribute) and n.attr == "environ" and id(n) not in whole for n in parts):
            yield Danger(call.lineno, "leaking", f"{name} sends the environment away")
        elif any(
            SECRETS.search(text) and "/" in text and "://" not in text
            for text in map(_constant, filter(_is_text, parts))
        ):
            yield Danger(call.lineno, "leaking", f"{name} sends secrets away")


def _is_text(node: ast.AST) -> TypeGuard[ast.expr]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _pieces(value: ast.expr, texts: dict[str, ast.expr]) -> list[str] | None:
    """The constant pieces of a text around what is put into it; None for a text that is not put together."""
    if isinstance(value, ast.JoinedStr):
        pieces = [""]
        for part in (p.value if isinstance(p, ast.FormattedValue) else p for p in value.values):
            known = texts.get(part.id, part) if isinstance(part, ast.Name) and part.id.isupper() else part
            if isinstance(known, ast.Constant):
                pieces[-1] += str(known.value)
            else:
                pieces.append("")
        return pieces if len(pieces) > 1 else None
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod) and _constant(value.left):
        return re.split(r"%\(?\w*\)?[sdr]", _constant(value.left))
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "format":
        return re.split(r"\{[^{}]*\}", _constant(value.func.value)) if _constant(value.func.value) else None
    return _sum(value) if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) else None


def _sum(value: ast.expr) -> list[str] | None:
    """The constant terms of a sum with other terms between them."""
    terms: list[ast.expr] = []
    while isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        terms.append(value.right)
        value = value.left
    terms.append(value)
    texts = [_constant(term) for term in reversed(terms)]
    if not texts[0] or all(isinstance(t, ast.Constant | ast.JoinedStr) for t in terms):
        return None
    return [text for text in texts if text] + ([""] if not texts[-1] else [])


def _constant(value: ast.expr) -> str:
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def _name(node: ast.expr) -> str:
    """The last name of a dotted one; a text is its own."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    return _constant(node)
