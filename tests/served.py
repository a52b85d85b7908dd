"""What the uvicorn of a spawned process imports: the application of the example that its environment names.

It stands outside the harness, so that a process that is started again and again imports little.
"""

from __future__ import annotations

import os
from pathlib import Path

from skill_validator.loading import load
from skill_validator.markdown import read_document

PAGE = Path(os.environ["SERVED_PAGE"])
LINE = int(os.environ["SERVED_LINE"])

app = load(next(e for e in read_document(PAGE, PAGE.read_text(encoding="utf-8")).examples if e.line == LINE)).app
