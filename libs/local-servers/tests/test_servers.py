"""The fixtures give real servers, and what is started is ended."""

import os
import signal
import socket
import stat
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from claimstream_local_servers import (
    KafkaServer,
    LocalKafka,
    LocalPostgres,
    OwnedProcess,
    PostgresServer,
    ServerFailed,
    places,
)
from claimstream_local_servers.backends import Processes
from claimstream_local_servers.kafka_protocol import cluster_id
from claimstream_local_servers.places import free_port
from claimstream_local_servers.processes import how_it_ended, spawn
from claimstream_local_servers.testing import NewDatabase


def test_postgresql_18_answers(postgres_server: PostgresServer) -> None:
    assert postgres_server.ask("SHOW server_version").startswith("18.")


def test_each_service_has_a_database_that_no_other_role_may_enter(
    postgres_server: PostgresServer, new_database: NewDatabase
) -> None:
    ours = new_database("claim_svc").rsplit("/", 1)[1]
    new_database("remit_svc")

    entry = "SELECT has_database_privilege('{}', '{}', 'CONNECT')"

    assert postgres_server.ask(entry.format("claim_svc", ours)) is True
    assert postgres_server.ask(entry.format("remit_svc", ours)) is False


def test_a_copy_of_a_migrated_database_has_its_tables(
    postgres_server: PostgresServer, new_database: NewDatabase
) -> None:
    template = new_database("claim_svc").rsplit("/", 1)[1]
    postgres_server.run_sql("CREATE TABLE claim (id int)", database=template)

    copy = new_database("claim_svc", template=template).rsplit("/", 1)[1]

    assert postgres_server.ask("SELECT count(*) FROM claim", copy) == 0


def test_the_broker_that_answers_is_ours(kafka_server: KafkaServer) -> None:
    host, port = kafka_server.bootstrap.split(":")

    login = ("admin", kafka_server.passwords["admin"]) if kafka_server.passwords else None

    assert cluster_id(host, int(port), login) == kafka_server.cluster_id


def test_a_broker_that_asks_who_comes_tells_nothing_without_a_password(kafka_server: KafkaServer) -> None:
    if not kafka_server.passwords:
        pytest.skip("this broker asks nobody who they are")
    host, port = kafka_server.bootstrap.split(":")

    assert cluster_id(host, int(port)) is None
    assert cluster_id(host, int(port), ("admin", "wrong")) is None


def test_passwords_stand_in_no_command_line_and_in_no_file_that_others_can_read(
    kafka_server: KafkaServer, servers: Processes
) -> None:
    if not kafka_server.passwords:
        pytest.skip("this broker asks nobody who they are")
    kafka = LocalKafka(servers.home / "kafka")
    process = psutil.Process(kafka.process().pid)
    told = [*process.cmdline(), *process.environ().values(), kafka.log.read_text()]
    opened = [path for path in kafka.home.rglob("*") if path.stat().st_mode & 0o077]

    assert not [word for word in told for password in kafka_server.passwords.values() if password in word]
    assert opened == []
    assert stat.S_IMODE(kafka.home.stat().st_mode) == 0o700
    assert not (kafka.home / "format.arguments").exists()


def test_a_kafka_that_was_made_before_its_doors_were_closed_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "cluster-id").write_text("made-by-an-earlier-release")

    with pytest.raises(ServerFailed, match="claimstream restore"):
        LocalKafka(tmp_path).start()


def test_something_else_on_the_port_is_not_a_cluster() -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        threading.Thread(
            target=lambda: stranger.accept()[0].sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"), daemon=True
        ).start()

        assert cluster_id("127.0.0.1", stranger.getsockname()[1]) is None


def test_a_server_outlives_its_starter_and_is_found_again(tmp_path: Path) -> None:
    home = tmp_path / "a home with spaces"
    first = LocalPostgres(home, durable=False).start()
    again = LocalPostgres(home, durable=False)
    try:
        assert again.start() == first
        kept = again.process()

        again.stop()

        assert kept is not None
        assert not kept.is_alive()
        assert not again.is_running()
    finally:
        again.remove()
    assert not home.exists()


def test_data_and_port_and_passwords_survive_a_stop(tmp_path: Path) -> None:
    postgres = LocalPostgres(tmp_path / "home")
    try:
        address = postgres.database("claim_svc")
        postgres.start().run_sql("CREATE TABLE kept (id int)", database="claim_svc")

        postgres.stop()

        assert postgres.database("claim_svc") == address
        assert postgres.start().ask("SELECT count(*) FROM kept", "claim_svc") == 0
    finally:
        postgres.remove()


def test_a_process_of_the_same_id_but_another_start_is_not_ours() -> None:
    me = OwnedProcess.of(os.getpid())

    stranger = OwnedProcess(me.pid, me.started - 100)

    assert me.is_alive()
    assert not stranger.is_alive()
    assert stranger.end()


def test_a_port_in_use_is_not_taken_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert free_port(port) != port


def test_ports_are_given_once_and_none_that_an_outgoing_connection_may_take() -> None:
    ports = [free_port() for _ in range(200)]

    assert len(set(ports)) == len(ports)
    assert max(ports) < 32_768


def test_a_port_that_somebody_listens_on_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(places, "_BELOW_OUTGOING", [port, port, port + 1])

        assert {free_port() for _ in range(5)} == {port + 1}


def test_only_the_wanted_port_will_do_where_it_must() -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken, pytest.raises(OSError, match="is not free"):
        free_port(taken.getsockname()[1], only=True)


@pytest.mark.parametrize("name", ["kafka_jars.txt"])
def test_the_list_of_jars_names_no_host(name: str) -> None:
    text = Path(__file__).parents[1].joinpath("src/claimstream_local_servers", name).read_text()

    assert "://" not in text


def test_a_process_is_still_ours_after_the_clock_was_set_by_a_second_or_two_and_another_one_is_not():
    own = OwnedProcess.of(os.getpid())

    assert replace(own, started=own.started + 2).is_alive()
    assert not replace(own, started=own.started - 60).is_alive()


MANY_THREADS = """
import threading, time
for _ in range(200):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
memory = bytearray(100 << 20)
print("up", flush=True)
time.sleep(60)
"""


def test_what_ended_a_process_is_known_also_while_its_threads_are_still_ending(tmp_path: Path) -> None:
    told = []
    for number in range(4):
        log = tmp_path / f"{number}.log"
        process = spawn([sys.executable, "-c", MANY_THREADS], log)
        while "up" not in log.read_text():
            time.sleep(0.01)
        process.send(signal.SIGKILL)
        while process.is_alive():
            pass
        told.append(how_it_ended(process))

    assert told == ["SIGKILL"] * 4
