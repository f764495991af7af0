"""What can go wrong here.

CodeSetError
 ├─ DataMissing     the published files are not where they should be
 └─ NoSuchPolicy    a coverage policy that is not loaded
"""

from pathlib import Path


class CodeSetError(Exception):
    """Anything that this library refuses."""


class DataMissing(CodeSetError):
    """The published files are not where they should be."""

    def __init__(self, folder: Path) -> None:
        """Name the folder."""
        super().__init__(f"no SOURCES.tsv in {folder}: set CLAIMSTREAM_CODESETS_DATA to the folder of the code sets")
        self.folder = folder


class NoSuchPolicy(CodeSetError):
    """A coverage policy that is not loaded."""

    def __init__(self, policy: str) -> None:
        """Name the policy."""
        super().__init__(f"no coverage policy {policy} is loaded")
        self.policy = policy
