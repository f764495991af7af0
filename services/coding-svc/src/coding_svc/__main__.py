from claimstream_kit.command_line import run

from coding_svc.main import build
from coding_svc.settings import Settings

if __name__ == "__main__":
    run(build, Settings)
