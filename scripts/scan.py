#!/usr/bin/env python3
"""Find the traps of this skill in a project's own code: `python scripts/scan.py --help`. Needs Python alone."""

import os
import sys

if sys.flags.safe_path:  # by -I, -P or PYTHONSAFEPATH: then Python does not look beside the script
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib is slow to import

from scanner.cli import main

if __name__ == "__main__":
    sys.exit(main())
