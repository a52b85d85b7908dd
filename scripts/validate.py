"""Run the validator from a checkout: `python scripts/validate.py --help`."""

import sys

from skill_validator.cli import main

if __name__ == "__main__":
    sys.exit(main())
