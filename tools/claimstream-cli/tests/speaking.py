"""Services on real databases that say what a test wants said."""

from uuid import UUID

from claimstream_kit.relay import Relay
from claimstream_schemas import EncounterReceived

PRACTICE = "bay-state"


def received(encounter: UUID, practice: str = PRACTICE) -> EncounterReceived:
    return EncounterReceived(
        practice_id=practice,
        encounter_id=encounter,
        encounter_version=1,
        source_system="ehr",
        ehr_encounter_id="E1",
        format="native",
        content_digest="0" * 64,
    )


async def say(service, *events) -> None:
    """One unit says these."""
    async with service.running.unit("somebody") as unit:
        for event in events:
            unit.holds(*event.key.split("/"))
            unit.publish(event)


async def send(service) -> list[dict[str, str]]:
    """Number and send what is not sent; the headers of what goes out, with the key."""
    relay: Relay = service.running.relay
    bus = service.running.publisher
    before = {topic: len(records) for topic, records in bus.topics.items()}
    connection = await service.database.connect_alone()
    epoch = await connection.fetchval(
        "INSERT INTO relay_state (one, epoch) VALUES (true, 1)"
        " ON CONFLICT (one) DO UPDATE SET epoch = relay_state.epoch + 1 RETURNING epoch"
    )
    while await relay.number_some(connection, epoch):
        continue
    await relay.send_some(epoch)
    await connection.close()
    return [
        {name: value.decode() for name, value in record.headers} | {"key": record.key}
        for topic, records in bus.topics.items()
        for record in records[before.get(topic, 0) :]
    ]


async def seal(service) -> None:
    """Chain all there is, and sign it."""
    while await service.running.sealer.chain():
        continue
    await service.running.sealer.seal()
