"""Reports -> text, concise, json, github or sarif."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from urllib.parse import quote

from .checks import CHECKS
from .culprits import columns, culprit
from .diagnostics import Diagnostic, printable
from .frontmatter import BREAK
from .report import Report

RED, YELLOW, DIM, RESET = "\033[31m", "\033[33m", "\033[2m", "\033[0m"
WIDEST = 300  # characters of a shown line
PROPER = {
    "aiohttp": "aiohttp",
    "asyncpg": "asyncpg",
    "fastapi": "FastAPI",
    "pgbouncer": "PgBouncer",
    "postgresql": "PostgreSQL",
    "python": "Python",
    "sqlalchemy": "SQLAlchemy",
}


def text(reports: Sequence[Report], *, colour: bool = False) -> str:
    """Each finding with the line that it is about and its culprit marked; how to mend it, once for a check.

    Then what the skill costs an agent, and one summary line a skill.
    """
    parts = []
    for report in reports:
        first = {d.check: d for d in reversed(report.diagnostics)}
        parts += [
            _with_source(report, d, colour=colour) + (_help(d, colour=colour) if first[d.check] is d else "")
            for d in report.diagnostics
        ]
        parts += [_costs(report)] if report.skill.manifest else []
        parts.append(_summary(report))
    return "\n".join(parts) + "\n"


def concise(reports: Sequence[Report]) -> str:
    """One line a finding, nothing else."""
    return "".join(f"{_line(report, d)}\n" for report in reports for d in report.diagnostics)


def as_json(reports: Sequence[Report]) -> str:
    """The whole report for programs; paths are relative to the skill."""
    skills = [
        {
            "path": report.path,
            "name": report.name,
            "summary": report.summary,
            "versions": dict(report.versions),
            "diagnostics": [
                {"check": d.check, "severity": d.severity, "path": d.path, "line": d.line, "message": d.message}
                for d in report.diagnostics
            ],
        }
        for report in reports
    ]
    return json.dumps({"version": 1, "skills": skills}, indent=2, ensure_ascii=False) + "\n"


def github(reports: Sequence[Report]) -> str:
    """Workflow commands, which GitHub shows at the lines of a pull request."""
    return "".join(_command(report, d) for report in reports for d in report.diagnostics)


def sarif(reports: Sequence[Report]) -> str:
    """SARIF 2.1.0 (OASIS), for code scanning services."""
    rules = [{"id": c.name, "shortDescription": {"text": c.law}, "fullDescription": {"text": c.manual}} for c in CHECKS]
    results = [_result(report, d) for report in reports for d in report.diagnostics]
    results += [
        _result(report, s.diagnostic) | {"suppressions": [{"kind": "inSource", "justification": s.reason}]}
        for report in reports
        for s in report.silenced
    ]
    run = {"tool": {"driver": {"name": "skill-validator", "rules": rules}}, "results": results}
    return json.dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(report: Report, d: Diagnostic) -> dict[str, object]:
    place = {"artifactLocation": {"uri": quote(_path(report, d))}, "region": {"startLine": max(d.line, 1)}}
    return {
        "ruleId": d.check,
        "level": d.severity,
        "message": {"text": d.message},
        "locations": [{"physicalLocation": place}],
    }


SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
FORMATS: dict[str, Callable[[Sequence[Report]], str]] = {
    "text": text,
    "concise": concise,
    "json": as_json,
    "github": github,
    "sarif": sarif,
}


def _path(report: Report, diagnostic: Diagnostic) -> str:
    return diagnostic.path if report.path == "." else f"{report.path}/{diagnostic.path}"


def _line(report: Report, d: Diagnostic) -> str:
    return f"{_path(report, d)}:{d.line}: {d.severity}: {d.check}: {d.message}"


def _with_source(report: Report, diagnostic: Diagnostic, *, colour: bool) -> str:
    """The finding, and below it the line of the file, and a marker under the culprit, as compilers show it."""
    head = _line(report, diagnostic)
    source = _lines(report.skill.texts.get(report.skill.root / diagnostic.path, ""))
    line = source[diagnostic.line - 1] if 0 < diagnostic.line <= len(source) else ""
    line = line if len(line) <= WIDEST else f"{line[:WIDEST]}..."
    shown = printable(line.expandtabs(4))
    body = f"\n{diagnostic.line:>6} | {shown}{_marker(line, diagnostic.message)}" if shown.strip() else ""
    if not colour:
        return head + body
    tone = RED if diagnostic.severity == "error" else YELLOW
    return head.replace(f" {diagnostic.severity}:", f" {tone}{diagnostic.severity}{RESET}:", 1) + f"{DIM}{body}{RESET}"


@functools.lru_cache(maxsize=4)
def _lines(source: str) -> list[str]:
    """The lines of a file; a file's findings stand together, so each file is split once."""
    return BREAK.split(source)


def _marker(line: str, message: str) -> str:
    """A line of carets under what the message is about; empty where that cannot be told."""
    start, end = culprit(line, message)
    before, width = columns(line[:start]), columns(line[:end]) - columns(line[:start])
    return f"\n       | {' ' * before}{'^' * width}" if width else ""


def _help(diagnostic: Diagnostic, *, colour: bool) -> str:
    remedy = next((c.remedy for c in CHECKS if c.name == diagnostic.check), "")
    said = f"\n       = help: {remedy.removesuffix('.')}" if remedy else ""
    return f"{DIM}{said}{RESET}" if colour and said else said


def _costs(report: Report) -> str:
    width = max(len(name) for name, _ in report.costs)
    return "tokens an agent pays:\n" + "\n".join(f"  {name:<{width}} {tokens:>6,}" for name, tokens in report.costs)


def _summary(report: Report) -> str:
    s = report.summary
    silenced = _count(s["silenced"], "silenced finding") if s["silenced"] else ""
    state = f"clean but for {silenced}" if silenced else "clean"
    if s["errors"] or s["warnings"]:
        counts = (_count(s["errors"], "error"), _count(s["warnings"], "warning"), silenced)
        state = ", ".join(filter(None, counts))
    if report.static or not report.versions:
        ran = "nothing executed"
        return f"{report.name}: {state}; {s['pages']} pages, {s['examples']} examples, {s['traps']} traps; {ran}"
    did = f"{s['examples']} examples ({s['executed']} executed, {report.parsed} other blocks parsed)"
    missed = f", {s['not_run']} not run" if s["not_run"] else ""
    proven = f"{s['traps']} traps ({s['proven']} proven on both sides{missed})"
    versions = ", ".join(f"{PROPER[k]} {v}" for k, v in report.versions.items() if k in PROPER)
    return f"{report.name}: {state}; {s['pages']} pages, {did}, {proven} on {versions}"


def _command(report: Report, d: Diagnostic) -> str:
    file = _escaped(_path(report, d)).replace(":", "%3A").replace(",", "%2C")
    return f"::{d.severity} file={file},line={d.line},title={d.check}::{_escaped(d.message)}\n"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _escaped(value: str) -> str:
    """Escapes of GitHub's workflow commands."""
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
