"""What goes on after a restore: numbers, signed heads, and who listened outside."""

import asyncio
import json
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from claimstream_cli import backup
from claimstream_cli.after_restore import ERA_FILE, CameBack, next_era, say_again
from claimstream_cli.state import Plan
from claimstream_kit.audit import heads_before_restore, heads_file, verify
from claimstream_kit.clock import OffsetClock
from claimstream_kit.keys import load_public_keys
from claimstream_kit.testing import migrated_template, under_test
from coding_svc.main import MIGRATIONS, build
from coding_svc.settings import Settings

from .speaking import received, say, seal, send

NAME = "coding-svc"


@pytest.fixture(scope="session")
def template(new_database):
    return migrated_template(new_database, "coding_svc", MIGRATIONS)


@pytest.fixture
def at_work(new_database, template, tmp_path):
    """A service on a database: a new one, or one that lay as it was at a moment."""

    @asynccontextmanager
    async def work(url=None):
        address = url or new_database("coding_svc", template=template)
        async with under_test(build, Settings, address, tmp_path) as service:
            yield service

    return work


@pytest.fixture
def moment(new_database):
    """Copy a database that nobody is in: how it lies is a moment to come back to."""

    def copy(service):
        return new_database("coding_svc", template=urlsplit(service.database.url).path.removeprefix("/"))

    return copy


def came_back(service):
    return CameBack(NAME, service.database.url, service.running.settings.audit_dir)


async def begin(service, era):
    back = came_back(service)
    await back.begin_era(era, heads=back.heads(), clock=OffsetClock(0))


async def fault(service):
    folder = service.running.settings.audit_dir
    (key,) = load_public_keys(folder / f"{NAME}.sealing-key.pub.pem").values()
    return await verify(service.database, service=NAME, public_key=key, folder=folder)


def heads(file):
    return [json.loads(line)["head_seq"] for line in file.read_text().splitlines()]


async def test_a_lost_kafka_gets_everything_again_under_the_numbers_it_had(at_work):
    async with at_work() as service:
        await say(service, received(uuid4()), received(uuid4()))
        await say(service, received(uuid4()))
        before = await send(service)
        await say(service, received(uuid4()))

        events = await say_again(service.database.url)
        again = await say_again(service.database.url)
        after = await send(service)

    assert (events, again) == (4, 4)
    assert after[:3] == before
    assert [each["ce_place"] for each in after] == ["1.1.0", "1.1.1", "1.2.0", "1.3.0"]


async def test_what_has_no_payload_any_more_is_not_said_again(at_work, as_owner):
    async with at_work() as service:
        await say(service, received(uuid4()))
        await say(service, received(uuid4()))
        await send(service)
        await as_owner(service, "DELETE FROM outbox_payloads WHERE id = 1")

        assert await say_again(service.database.url) == 1


async def test_who_listened_outside_misses_nothing_after_a_restore(at_work, moment):
    """What was said and heard after the moment had numbers that come no more; what had none at the moment is heard again, as itself."""
    encounter = uuid4()
    async with at_work() as service:
        await say(service, received(encounter))
        heard = await send(service)
        await say(service, received(encounter))
    then = moment(service)
    async with at_work(service.database.url) as service:
        heard += await send(service)
        await say(service, received(encounter))
        heard += await send(service)

    async with at_work(then) as service:
        await begin(service, 2)
        await say(service, received(encounter), received(uuid4()))
        await say_again(service.database.url)
        after = await send(service)

    places = {each["ce_place"]: each["ce_id"] for each in heard}
    last = max(int(each["ce_sequence"]) for each in heard)
    new = [each for each in after if each["ce_id"] not in places.values()]
    known = [each for each in after if each not in new]
    assert list(places) == ["1.1.0", "1.2.0", "1.3.0"]
    assert [each["ce_place"] for each in known] == ["1.1.0", "2.1.0"]
    assert [each["ce_place"] for each in new] == ["2.2.0", "2.2.1"]
    assert all(int(each["ce_sequence"]) > last for each in new)


async def test_heads_of_what_was_lost_are_put_aside_and_the_chain_says_how_far_it_went(at_work, moment, as_owner):
    async with at_work() as service:
        await say(service, received(uuid4()))
        await send(service)
        await seal(service)
    then = moment(service)
    async with at_work(service.database.url) as service:
        await say(service, received(uuid4()))
        await send(service)
        await seal(service)
        folder = service.running.settings.audit_dir
        assert await fault(service) is None

    async with at_work(then) as service:
        assert "was signed" in await fault(service)
        await begin(service, 2)
        assert heads(heads_file(folder, NAME)) == [1]
        assert heads(heads_before_restore(folder, NAME)) == [3]
        await send(service)
        await seal(service)

        assert await fault(service) is None
        entry = await service.database.fetch_one("SELECT kind, practice, actor, subject FROM audit_entries")
        assert entry == {
            "kind": "restore",
            "practice": "claimstream",
            "actor": "claimstream-restore",
            "subject": "the chain ended at 1",
        }
        await as_owner(service, "DELETE FROM audit_chain WHERE entry IS NOT NULL")
        assert await fault(service) is not None


async def test_heads_that_were_put_aside_without_a_restore_are_found(at_work):
    async with at_work() as service:
        await say(service, received(uuid4()))
        await send(service)
        await seal(service)
        folder = service.running.settings.audit_dir
        heads_file(folder, NAME).rename(heads_before_restore(folder, NAME))

        assert await fault(service) == "head 1 was put aside without a restore"


@pytest.mark.parametrize("units", [1, 4])
async def test_a_restore_to_a_later_moment_of_the_first_history_brings_its_heads_back(at_work, moment, units):
    """Back to an early moment, on from there, and then to a later moment of what was before: each head lies where it belongs, and both chains hold."""
    async with at_work() as service:
        await say(service, received(uuid4()))
        await send(service)
        await seal(service)
    early = moment(service)
    async with at_work(service.database.url) as service:
        for _ in range(units):
            await say(service, received(uuid4()))
        await send(service)
        await seal(service)
    late = moment(service)
    async with at_work(early) as service:
        await begin(service, 2)
        await send(service)
        await seal(service)
        folder = service.running.settings.audit_dir
        assert await fault(service) is None
        other = heads(heads_file(folder, NAME))

    async with at_work(late) as service:
        await begin(service, 3)
        await send(service)
        await seal(service)

        assert heads(heads_before_restore(folder, NAME)) == other[1:]
        assert await fault(service) is None


def test_an_era_is_never_given_twice(tmp_path):
    home, backup_folder, elsewhere = tmp_path / "home", tmp_path / "backup", tmp_path / "elsewhere"

    given = [
        next_era([1, 1], home, backup_folder),
        next_era([1, 1], home, backup_folder),
        next_era([1, 1], elsewhere, backup_folder),
        next_era([1, 7], home, tmp_path / "another backup"),
        next_era([], home, backup_folder),
    ]

    assert given == [2, 3, 4, 8, 9]
    assert json.loads((home / ERA_FILE).read_text()) == {"era": 9}


async def test_topics_are_made_again_also_where_postgresql_is_ones_own(at_work, home):
    async with at_work() as service:
        await say(service, received(uuid4()))
        await send(service)
    databases = {NAME: service.database.url}
    Plan(run="r", tasks=(), bootstrap="127.0.0.1:1", postgres="127.0.0.1:1", databases=databases).write(home.plan)

    assert await asyncio.to_thread(backup.rebuild_topics, home) == 1
