import sys

from claimstream_x12.command_line import main


def run() -> None:
    """The `claimstream-x12` command."""
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
