"""A baseline: the findings that an old code base had when the scanner came. Known by path, trap and source line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from .finding import Finding
from .reading import UnreadableError

Key = tuple[str, str, str]


def write(findings: Iterable[Finding]) -> str:
    """The text of a baseline of these findings."""
    counted = sorted(Counter(map(_key, findings)).items())
    entries = [{"path": p, "trap": t, "source": s, "count": n} for (p, t, s), n in counted]
    return json.dumps({"version": 1, "findings": entries}, indent=1, ensure_ascii=False) + "\n"


def read(path: Path) -> Counter[Key]:
    """How often each finding is known. Raises UnreadableError."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["findings"]
        return Counter({(str(e["path"]), str(e["trap"]), str(e["source"])): int(e["count"]) for e in entries})
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UnreadableError(f"{path}: not a baseline: {error}") from error


def new(findings: Sequence[Finding], known: Counter[Key]) -> list[Finding]:
    """The findings beyond those that are known: where a line has one more than before, the last of them."""
    left = known.copy()
    found = []
    for finding in findings:
        left[_key(finding)] -= 1
        if left[_key(finding)] < 0:
            found.append(finding)
    return found


def gone(findings: Iterable[Finding], known: Counter[Key], paths: Collection[str], traps: Collection[str]) -> int:
    """How many known findings are no more, of those that a scan of `paths` for `traps` would have found."""
    left = known - Counter(map(_key, findings))
    looked = ((path, trap, n) for (path, trap, _), n in left.items() if path in paths or not Path(path).exists())
    return sum(n for _, trap, n in looked if trap in traps)


def _key(finding: Finding) -> Key:
    return finding.path, finding.trap, finding.source
