"""Options -> the straight line from paths to exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection, Sequence

from .detectors import DETECTORS
from .finding import REMARKS, Detector, Finding
from .output import FORMATS, Report, text
from .reading import UnreadableError, find
from .scanning import cores, scan

CLEAN, FINDINGS, COULD_NOT_RUN = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Scan files; the exit code: 0 clean, 1 findings, 2 could not run."""
    try:
        return _main(_options(arguments))
    except UnreadableError as error:
        sys.stderr.write(f"scan: {error}\n")
    except BrokenPipeError:  # else Python would try once more when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception:  # noqa: BLE001 - Python's own code for a crash is 1, which here means findings
        import traceback  # noqa: PLC0415

        traceback.print_exc()
    return COULD_NOT_RUN


def _main(options: argparse.Namespace) -> int:
    if options.list or options.explain:
        sys.stdout.write(_manual(options.explain))
        return CLEAN
    files = list(find(options.paths or ["."]))
    looked, importers = _looked(files, options.diff)
    found = scan([f for f in files if f in looked or f in importers], _chosen(options), files, options.jobs, importers)
    findings = sorted(f for f in found if f.trap not in options.ignore and f.path in looked)
    if options.write_baseline:
        return _write_baseline(options.write_baseline, findings)
    report = Report(_fresh(findings, options, looked), len(looked))
    sys.stdout.write(_formatted(report, options.format))
    sys.stdout.flush()
    return FINDINGS if report.findings and not options.exit_zero else CLEAN


def _looked(files: list[str], revision: str | None) -> tuple[set[str], set[str]]:
    """The files whose findings count, and, where those are only the changed ones, others that import them."""
    if revision is None:
        return set(files), set()
    from .changed import importers, since  # noqa: PLC0415 - needs subprocess, slow to import

    changed = since(revision, files)
    return changed, importers(changed, files) - changed


def _fresh(findings: list[Finding], options: argparse.Namespace, looked: Collection[str]) -> list[Finding]:
    """The findings that are not in the baseline; says how many of the baseline's are gone."""
    if options.baseline is None:
        return findings
    from pathlib import Path  # noqa: PLC0415

    from . import baseline  # noqa: PLC0415 - start-up

    known = baseline.read(Path(options.baseline))
    if gone := baseline.gone(findings, known, set(looked), {d.trap for d in _chosen(options)}):
        sys.stderr.write(f"scan: {options.baseline}: no longer found: {gone}; --write-baseline anew\n")
    return baseline.new(findings, known)


def _write_baseline(path: str, findings: list[Finding]) -> int:
    from pathlib import Path  # noqa: PLC0415

    from . import baseline  # noqa: PLC0415 - start-up

    fresh = Path(f"{path}.{os.getpid()}.new")
    try:
        fresh.write_text(baseline.write(findings), encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        raise UnreadableError(f"{path}: {error.strerror}") from error
    sys.stderr.write(f"scan: {len(findings)} findings written to {path}\n")
    return CLEAN


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "scan",
        description="Find the traps of asyncio, FastAPI, SQLAlchemy and connection pools in Python code.",
        epilog="Exit code: 0 clean, 1 findings, 2 could not run. To silence a finding, write "
        "`# scan: ignore[TRAP] reason` at the end of its line or alone on the line above.",
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders (default: the current folder)")
    add("--diff", metavar="REV", help="report only what is in files that differ from this revision of git")
    add("--select", action="append", default=[], metavar="NAME", type=_name, help="only these traps, pages, categories")
    add("--ignore", action="append", default=[], metavar="NAME", type=_name, help="not these traps, pages, categories")
    add("--format", choices=FORMATS, default="text", help="how the report is written (default: text)")
    add("--exit-zero", action="store_true", help="exit with 0 in spite of findings")
    add("--baseline", metavar="FILE", help="report only what is not in this baseline")
    add("--write-baseline", metavar="FILE", help="write what is found to a baseline, and report nothing")
    add("--list", action="store_true", help="print every trap that is looked for")
    add("--explain", metavar="NAME", type=_name, help="print what is flagged for a trap, and what to look at")
    add("--jobs", type=_positive, default=cores(), metavar="N", help="how many processes (default: one a core)")
    return parser.parse_args(arguments)


def _names(detector: Detector) -> set[str]:
    return {detector.trap, detector.page, detector.category}


def _name(given: str) -> str:
    if given not in REMARKS and not any(given in _names(d) for d in DETECTORS):
        from difflib import get_close_matches  # noqa: PLC0415 - start-up

        known = sorted(REMARKS.keys() | {name for d in DETECTORS for name in _names(d)})
        near = get_close_matches(given, known, 1)
        hint = f"did you mean {near[0]}?" if near else "--list shows them"
        raise argparse.ArgumentTypeError(f"no trap, page or category is called {given!r}; {hint}")
    return given


def _positive(given: str) -> int:
    if not given.isdecimal() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"{given!r} is not a number from 1 on")
    return int(given)


def _chosen(options: argparse.Namespace) -> list[Detector]:
    wanted = [d for d in DETECTORS if not options.select or _names(d) & set(options.select)]
    return [d for d in wanted if not _names(d) & set(options.ignore)]


def _manual(name: str | None) -> str:
    if name in REMARKS:
        return f"{name} (warning)\n\n{REMARKS[name]}\n"
    if name:
        shown = (d for d in DETECTORS if name in _names(d))
        return "\n".join(f"{d.trap} ({d.severity}, {d.link})\n\n{d.manual}\n" for d in shown)
    width = max(len(d.trap) for d in DETECTORS)
    return "".join(f"{d.trap:<{width}}  {d.severity:<7}  {d.link}\n" for d in DETECTORS)


def _formatted(report: Report, layout: str) -> str:
    if layout == "text" and sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        return text(report, colour=True)
    return FORMATS[layout](report)
