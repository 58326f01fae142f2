"""The command line: python -m ae_core train | sweep | score | runs | resume | show | measure | script. Its options are
the dataclasses' own fields.
"""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
