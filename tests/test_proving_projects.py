"""Pages whose blocks are the files of a project, run by its tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from provable import BAD, GOOD, IMPORTS, PROOF, found, package
from skill_validator.model import Skill
from skill_validator.outcomes import Ending
from skill_validator.proving import prove

SERVICE = """\
# Service

**`app/main.py`**

```python
from app.models import TEA

print(TEA)
```

**`app/models.py`**

```python
TEA = 42
```

**`app/spare.py`**

```python
CUP = 1
```

## Alone

```python
answer = 42
```
"""
RUNS = """
import os, subprocess, sys
from pathlib import Path
from skill_validator.loading import extract

def test_it_prints(example):
    environment = os.environ | extract(example, Path("service"))
    done = subprocess.run([sys.executable, "-c", "import app.main"], env=environment, capture_output=True, text=True)
    assert done.stdout == "42\\n"

def test_it_is_no_module(example):
    load(example)
"""


def with_project(root: Path, tests: str) -> Skill:
    """The package with a project and its tests."""
    for name, text in {"references/service.md": SERVICE, "tests/proofs/test_service.py": IMPORTS + tests}.items():
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text)
    return package(root, {"Sound trap": (BAD, GOOD)})


def test_a_project_is_run_by_tests_of_any_name_and_each_of_its_files_is_asked_for(tmp_path: Path) -> None:
    skill = with_project(tmp_path / "orders", PROOF.format(name="alone") + RUNS)
    run = prove(skill, jobs=2)
    sides = [o for o in run.outcomes if o.example.path.name == "service.md"]

    assert [(o.example.section, [f.file for f in o.files]) for o in sides] == [
        ("it-is-no-module", []),
        ("it-prints", ["app/main.py", "app/models.py"]),
        ("alone", []),
    ]
    assert [(d.check, d.line, d.message) for d in found(replace(skill, run=run))] == [
        ("refuted-example", 6, "it-is-no-module[Example]: TypeError: service.md is a project: extract it"),
        ("unexecuted-example", 20, "no test executed app/spare.py"),
    ]


def test_a_project_has_more_time_than_an_example(tmp_path: Path) -> None:
    waits = "import time\n\ndef test_{0}(example):\n    time.sleep(4)\n"
    run = prove(
        with_project(tmp_path / "orders", waits.format("it_starts") + waits.format("alone")), jobs=4, deadline=3
    )

    assert [(o.example.section, o.ending) for o in run.outcomes if o.example.path.name == "service.md"] == [
        ("it-starts", Ending.HELD),
        ("alone", Ending.HUNG),
    ]
