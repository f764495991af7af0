"""What docker compose does once before the services start: topics, the token issuer's keys, every service's migrations."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from claimstream_kit.auth import generate_keys

from . import topics
from .brokers import Broker
from .members import SERVICES

KEYS = Path("/var/lib/claimstream/keys")


def main() -> None:
    """Prepare; each step may be done again."""
    broker = Broker.given(os.environ)
    if broker is None:
        sys.exit("CLAIMSTREAM_KAFKA is not set")
    topics.create(broker, Path(os.environ["CLAIMSTREAM_TOPICS"]))
    # Services see the public key alone.
    shutil.copyfile(generate_keys(KEYS), os.environ["CLAIMSTREAM_TOKEN_KEYS"])
    for service in SERVICES:
        name = service.module
        environment = {
            **os.environ,
            "CLAIMSTREAM_DATABASE_URL": f"postgresql://postgres@{os.environ['POSTGRES_ADDRESS']}/{name}?role={name}_owner",
            "CLAIMSTREAM_DATABASE_PASSWORD": os.environ["POSTGRES_PASSWORD"],
        }
        subprocess.run([sys.executable, "-m", service.module, "migrate"], env=environment, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
