#!/usr/bin/env python3
"""Find the traps of this skill in a project's own code: `python scripts/scan.py --help`. Needs Python alone."""

import sys

from scanner.cli import main

if __name__ == "__main__":
    sys.exit(main())
