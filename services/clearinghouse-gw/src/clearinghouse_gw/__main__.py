from claimstream_kit.command_line import run

from .main import build
from .settings import Settings

if __name__ == "__main__":
    run(build, Settings)
