"""`python -m claimstream_cli`, which is what the front door runs."""

from .main import app

app(prog_name="claimstream")
