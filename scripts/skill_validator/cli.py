"""Options -> the straight line from path to exit code."""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from .bounded import CrashedError
from .checks import CHECKS
from .checks.proofs import not_run
from .diagnostics import Check, Severity
from .examining import FEW, NOT_STATIC, ROUNDS, Request, reports
from .fixing import fix
from .output import FORMATS, text
from .report import Report
from .skill import SkillUnreadableError, find_skills, read_skill

PACKAGE = Path(__file__).parents[2]
CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Validate skills; the exit code: 0 clean, 1 findings, 2 could not run."""
    gc.set_threshold(100_000)  # a short life that allocates much: collecting as often as usual is a fifth of it
    with _crash_is_no_finding() as code:
        code.append(_main(_options(arguments)))
    return code[0]


def _main(options: argparse.Namespace) -> int:
    if options.list or options.explain:
        sys.stdout.write(_manual(options.explain))
        return CLEAN
    roots = [root for path in options.paths or [_default()] for root in find_skills(path)]
    if options.fix:
        _fix(roots)
    checks = _chosen(options.select, options.ignore)
    if options.static and not options.select:
        checks = tuple(c for c in checks if c.group not in NOT_STATIC)
    found = list(reports(list(dict.fromkeys(roots)), Request(checks, options.static, options.jobs, options.rounds)))
    _write(_formatted(found, options), options.output)
    for name, seconds in (side for report in found for side in report.slowest(options.slowest)):
        sys.stderr.write(f"{seconds:6.2f} s  {name}\n")
    return _exit_code(found, strict=options.strict)


def _default() -> Path:
    """The package that this validator lies in; where it was installed away from one, the current folder."""
    return PACKAGE if (PACKAGE / "SKILL.md").is_file() else Path()


def _exit_code(reports: Sequence[Report], *, strict: bool) -> int:
    counted = {Severity.ERROR.value, Severity.WARNING.value} if strict else {Severity.ERROR.value}
    return FINDINGS if any(d.severity in counted for r in reports for d in r.diagnostics) else CLEAN


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "skill-validate",
        description="Validate agent skills: read, check, run the examples, prove the traps.",
        epilog="A finding is silenced in place by a comment with a reason: <!-- validate: ignore[NAME] why -->.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="a skill, its SKILL.md, or a folder of skills "
        f"(default: {'the current folder' if _default() == Path() else 'the package of this validator'})",
    )
    parser.add_argument("--static", action="store_true", help="execute nothing, and do not ask the type checker")
    parser.add_argument(
        "--select", action="append", default=[], metavar="NAME", type=_name, help="only these checks or groups"
    )
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="NAME", type=_name, help="not these checks or groups"
    )
    parser.add_argument("--format", choices=FORMATS, default="text", help="how the report is written (default: text)")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report there instead of to stdout")
    parser.add_argument("--explain", metavar="NAME", type=_name, help="print the manual of a check or group")
    parser.add_argument("--list", action="store_true", help="print every check with its law")
    parser.add_argument(
        "--fix", action="store_true", help="rewrite what is derived: counts, index rows, the manifest's lists"
    )
    parser.add_argument(
        "--jobs",
        type=_positive,
        default=2 * (os.cpu_count() or 1),
        metavar="N",
        help="how many skills are checked, and how many proofs run, at once",
    )
    parser.add_argument(
        "--slowest", type=_positive, default=0, metavar="N", help="name on stderr the N sides that took longest"
    )
    parser.add_argument(
        "--rounds",
        type=_positive,
        metavar="N",
        help=f"how often each side of a proof is run (default: {ROUNDS} for up to {FEW} sides, else 1)",
    )
    parser.add_argument("--strict", action="store_true", help="warnings count too")
    return parser.parse_args(arguments)


def _name(value: str) -> str:
    if not any(value in {c.name, c.group} for c in CHECKS):
        raise argparse.ArgumentTypeError(f"no check or group is called {value!r}; --list shows them")
    return value


def _positive(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number from 1 on")
    return int(value)


def _chosen(select: Sequence[str], ignore: Sequence[str]) -> tuple[Check, ...]:
    wanted = [c for c in CHECKS if not select or {c.name, c.group} & set(select)]
    chosen = (c for c in wanted if not {c.name, c.group} & set(ignore))
    return tuple(replace(c, severity=Severity.ERROR) if c is not_run and _is_ci() else c for c in chosen)


def _is_ci() -> bool:
    """Whether the environment says, as every CI service's does, that nobody sits at the terminal."""
    return os.environ.get("CI", "").lower() in {"true", "1"}


def _manual(name: str | None) -> str:
    if name:
        return "\n".join(
            f"{c.name} ({c.group}, {c.severity.value})\n\n{c.manual}\n" for c in CHECKS if name in {c.name, c.group}
        )
    width = max(len(c.name) for c in CHECKS)
    return "".join(f"{c.group:<12} {c.name:<{width}} {c.severity.value:<8} {c.law}\n" for c in CHECKS)


def _formatted(reports: Sequence[Report], options: argparse.Namespace) -> str:
    if options.format == "text" and options.output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        return text(reports, colour=True)
    return FORMATS[options.format](reports)


def _fix(roots: Sequence[Path]) -> None:
    for root in roots:
        for path, new in fix(read_skill(root)).items():
            _write(new, path)
            sys.stderr.write(f"fixed {path}\n")


def _write(content: str, path: Path | None) -> None:
    """To stdout, or to a file that is replaced in one step: a reader sees the old text or the new."""
    if path is None:
        sys.stdout.write(content)
        return
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as file:
            file.write(content)
        Path(file.name).chmod(path.stat().st_mode if path.exists() else 0o644)
        Path(file.name).replace(path)
    except OSError as error:
        raise SkillUnreadableError(f"{path}: {error.strerror}") from error


@contextlib.contextmanager
def _crash_is_no_finding() -> Iterator[list[int]]:
    """Python's own code for a crash is 1, which here means findings: a crash is 2, and says what it was."""
    code: list[int] = []
    try:
        yield code
    except SkillUnreadableError as error:
        sys.stderr.write(f"validate: {error}\n")
        code.append(COULD_NOT_RUN)
    except CrashedError as error:
        sys.stderr.write(str(error))
        code.append(COULD_NOT_RUN)
    except Exception:  # noqa: BLE001 - the last frame there is
        traceback.print_exc()
        code.append(COULD_NOT_RUN)
