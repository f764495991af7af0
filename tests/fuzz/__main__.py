"""`python tests/fuzz TARGET --seconds N`: what `./claimstream fuzz` calls, one process a target. A crasher is written beside the others and stays."""

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
LARGEST = 256 << 10
SLOWEST_SECONDS = 10
MEMORY_MB = 2048


def main() -> None:
    """Fuzz one target for as long as it says; the exit code is not 0 when something was raised, or took too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    import atheris  # noqa: PLC0415  not everywhere, and nobody else needs it

    sys.path.insert(0, str(HERE.parent))
    from fuzz.json_mutations import next_input  # noqa: PLC0415  the same
    from fuzz.targets import TARGETS  # noqa: PLC0415  as a package, wherever this is started

    target = TARGETS[chosen.target]
    with atheris.instrument_imports(include=list(target.packages), enable_loader_override=False):
        attempt = target.make()
    crashers = HERE / "crashers" / target.name
    crashers.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(target.seeds()):
            (Path(folder) / f"seed-{number:03}").write_bytes(seed[:LARGEST])
        options = [
            f"-max_total_time={chosen.seconds}",
            f"-max_len={LARGEST}",
            f"-timeout={SLOWEST_SECONDS}",
            f"-rss_limit_mb={MEMORY_MB}",
            f"-seed={chosen.seed}",
            f"-artifact_prefix={crashers}/",
            "-print_final_stats=1",
            "-verbosity=1",
        ]
        mutator = next_input if target.is_json else None
        atheris.Setup([sys.argv[0], *options, folder, str(crashers)], attempt, custom_mutator=mutator)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
