"""Findings -> text, concise, json, github or sarif."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .detectors import DETECTORS
from .finding import ERROR, REMARKS, Finding

RED, YELLOW, DIM, RESET = "\033[31m", "\033[33m", "\033[2m", "\033[0m"
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


class Report(NamedTuple):
    """The findings of a run, sorted, and how many files were looked at."""

    findings: Sequence[Finding]
    files: int

    @property
    def summary(self) -> dict[str, int]:
        """Files, errors and warnings, counted."""
        errors = sum(f.severity == ERROR for f in self.findings)
        return {"files": self.files, "errors": errors, "warnings": len(self.findings) - errors}


def text(report: Report, *, colour: bool = False) -> str:
    """Each finding with the line it is about, then one line that counts them."""
    counted = report.summary
    state = f"{_count(counted['errors'], 'error')}, {_count(counted['warnings'], 'warning')}"
    state = state if report.findings else "clean"
    shown = [_with_source(f, colour=colour) for f in report.findings]
    return "\n".join([*shown, f"{state}; {_count(report.files, 'file')}"]) + "\n"


def concise(report: Report) -> str:
    """One line a finding, nothing else."""
    return "".join(f"{line(f)}\n" for f in report.findings)


def as_json(report: Report) -> str:
    """The whole report for programs."""
    from json import dumps  # noqa: PLC0415 - start-up

    found = [
        {"path": f.path, "line": f.line, "severity": f.severity, "trap": f.trap, "message": f.message, "page": f.page}
        for f in report.findings
    ]
    return dumps({"version": 1, "summary": report.summary, "findings": found}, indent=2, ensure_ascii=False) + "\n"


def github(report: Report) -> str:
    """Workflow commands, which GitHub shows at the lines of a pull request."""
    return "".join(
        f"::{f.severity} file={_property(f.path)},line={f.line},title={f.trap}::{_escaped(_sentence(f))}\n"
        for f in report.findings
    )


def sarif(report: Report) -> str:
    """SARIF 2.1.0 (OASIS), for code scanning services."""
    from json import dumps  # noqa: PLC0415 - start-up
    from urllib.parse import quote  # noqa: PLC0415

    rules = [
        {"id": d.trap, "shortDescription": {"text": d.manual.partition("\n")[0]}, "fullDescription": {"text": d.manual}}
        for d in DETECTORS
    ]
    rules += [{"id": name, "shortDescription": {"text": law}} for name, law in REMARKS.items()]
    results = [
        {
            "ruleId": f.trap,
            "level": f.severity,
            "message": {"text": _sentence(f)},
            "locations": [
                {"physicalLocation": {"artifactLocation": {"uri": quote(f.path)}, "region": {"startLine": f.line}}}
            ],
        }
        for f in report.findings
    ]
    run = {"tool": {"driver": {"name": "python-backend-scan", "rules": rules}}, "results": results}
    return dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": text,
    "concise": concise,
    "json": as_json,
    "github": github,
    "sarif": sarif,
}


def line(finding: Finding) -> str:
    """`path:line: severity: trap: sentence (page)`, on one line whatever the path holds."""
    return printable(f"{finding.path}:{finding.line}: {finding.severity}: {finding.trap}: {_sentence(finding)}")


def printable(value: str) -> str:
    """A text with escapes for what would break a line, move a terminal's cursor, or not encode."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in value)


def _sentence(finding: Finding) -> str:
    return f"{finding.message} ({finding.page})" if finding.page else finding.message


def _with_source(finding: Finding, *, colour: bool) -> str:
    head = line(finding)
    body = f"\n{finding.line:>6} | {printable(finding.source.expandtabs(4))}" if finding.source else ""
    if not colour:
        return head + body
    tone = RED if finding.severity == ERROR else YELLOW
    return head.replace(f" {finding.severity}:", f" {tone}{finding.severity}{RESET}:", 1) + f"{DIM}{body}{RESET}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _property(value: str) -> str:
    return _escaped(value).replace(":", "%3A").replace(",", "%2C")


def _escaped(value: str) -> str:
    """Escapes of GitHub's workflow commands."""
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
