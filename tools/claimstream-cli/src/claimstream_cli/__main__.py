"""`python -m claimstream_cli`, which is what the front door runs."""

import os

from claimstream_local_servers.places import UMASK

from .main import app

os.umask(UMASK)
app(prog_name="claimstream")
