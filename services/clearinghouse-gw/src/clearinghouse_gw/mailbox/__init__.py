"""Where files are exchanged: a port, and the folder behind it."""

from .folder import FolderMailbox
from .port import Arrival, Mailbox, nothing
from .together import together

__all__ = ["Arrival", "FolderMailbox", "Mailbox", "nothing", "together"]
