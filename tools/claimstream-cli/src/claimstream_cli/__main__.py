"""`python -m claimstream_cli`, which is what the front door runs."""

import os
import sys

from claimstream_local_servers import ServerFailed
from claimstream_local_servers.places import UMASK

from . import exits
from .main import app

os.umask(UMASK)
try:
    app(prog_name="claimstream")
except ServerFailed as failed:
    exits.errors.print(str(failed), style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(exits.NOT_STARTED)
