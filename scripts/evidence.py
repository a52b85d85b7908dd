"""Run every proof and show what came of it: `python scripts/evidence.py` writes `dist/report.html`.

Exit 0 when the run was clean, 1 when it was not (the page shows it), 2 when it could not run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import matrix
from skill_release.evidence import evidence
from skill_release.git import git_or_nothing
from skill_release.page import Occasion, page
from skill_release.writing import replace_files
from skill_validator.checks import CHECKS
from skill_validator.proving import prove
from skill_validator.report import Report
from skill_validator.skill import SkillUnreadableError, read_skill

ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser("evidence", description="Run every proof, and write a page of what came of it.")
    parser.add_argument("--root", type=Path, default=ROOT, metavar="FOLDER", help="the package (default: this one)")
    root = parser.parse_args(arguments).root.resolve()
    try:
        report = run(root)
        write(report)
    except (SkillUnreadableError, OSError) as error:
        sys.stderr.write(f"evidence: {error}\n")
        return 2
    summary = report.summary
    return 1 if summary["errors"] or summary["warnings"] else 0


def run(root: Path) -> Report:
    """The report of a run of every proof."""
    skill = read_skill(root)
    proven = replace(skill, run=prove(skill, jobs=2 * (os.cpu_count() or 1), progress=sys.stderr.isatty()))
    return Report(proven, tuple(sorted(d for check in CHECKS for d in check(proven))), static=False)


def write(report: Report) -> None:
    """Write the page of a report, below the package's folder."""
    root = report.skill.root
    path = root / "dist" / "report.html"
    html = page(evidence(report), occasion(root))
    replace_files({path: html.encode()})
    sys.stdout.write(f"{path} {len(html):,} characters\n")


def occasion(root: Path) -> Occasion:
    """Now, here, at this commit, with the last run of the matrix if one is kept."""
    moment = int(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    record = root / matrix.RECORD
    return Occasion(
        day=time.strftime("%Y-%m-%d", time.gmtime(moment)),
        commit=git_or_nothing(root, "describe", "--always", "--dirty=, with changes").strip() or "none",
        machine=f"{platform.system()} {platform.machine()}",
        matrix=json.loads(record.read_text(encoding="utf-8")) if record.exists() else None,
    )


if __name__ == "__main__":
    sys.exit(main())
