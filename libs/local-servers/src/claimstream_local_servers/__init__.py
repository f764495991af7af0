"""A real PostgreSQL and a real Kafka, from wheels and jars, for one machine.

The front door starts them for a person who has nothing installed, and the tests of every service run against them. Both keep
what they hold in a folder (their *home*), listen on 127.0.0.1 only, and are ended by process id and start time, never by name.
"""

from .kafka import KafkaServer, LocalKafka
from .postgres import LocalPostgres, PostgresServer
from .processes import OwnedProcess, Progress, ServerFailed

__all__ = ["KafkaServer", "LocalKafka", "LocalPostgres", "OwnedProcess", "PostgresServer", "Progress", "ServerFailed"]
