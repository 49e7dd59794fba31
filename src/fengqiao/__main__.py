"""`python -m fengqiao COMMAND`."""

import sys

from fengqiao.site.cli import main

if __name__ == "__main__":
    sys.exit(main())
