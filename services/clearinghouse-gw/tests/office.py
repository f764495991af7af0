"""The gateway with its two folders, as the tests speak of it."""

from claimstream_x12 import X12Reader
from claimstream_x12.claim_837 import ClaimReader


class Office:
    """What a test does with the gateway: let it send, drop a file, look."""

    def __init__(self, service, folder):
        self.service = service
        self.running = service.running
        self.exchange = service.running.service.state["exchange"]
        self.mailbox = service.running.service.state["mailbox"]
        self.folder = folder
        self.hears = service.hears
        self.told = service.told
        self.client = service.client

    async def sends(self):
        return await self.exchange.transmit_once(self.running)

    async def receives(self, name, data):
        """Drop a file and look twice: a file is taken when its size has stopped to change."""
        (self.folder / "inbound" / name).write_bytes(data)
        return await self.looks_twice()

    async def looks_twice(self):
        await self.exchange.receive_once(self.running)
        return await self.exchange.receive_once(self.running)

    def outbound(self):
        return {place.name: place.read_bytes() for place in sorted((self.folder / "outbound").iterdir())}

    def claims_sent(self):
        """CLM01 of every claim in every outbound file."""
        return [
            read.billed.claim.control_number
            for data in self.outbound().values()
            for one in X12Reader(data).sets()
            for read in ClaimReader(one).claims()
        ]

    async def get(self, path, **query):
        response = await self.client.get(path, params=query, headers=self.service.as_("biller", "operator"))
        assert response.status_code == 200, response.text
        return response.json()

    async def as_practice(self, practice, path, **query):
        """What anybody of a practice is answered."""
        return await self.client.get(path, params=query, headers=self.service.as_(practice=practice))

    async def as_installation(self, path, **query):
        """What an operator of the installation is answered."""
        return await self.client.get(path, params=query, headers=self.installation())

    def installation(self):
        return self.service.as_("operator", practice="claimstream")

    async def claims(self, waiting, *roles, practice="bay-state", key=None):
        """Say of an unclaimed set that it is ours."""
        return await self.client.post(
            f"/files/{waiting['file_id']}/sets/{waiting['number']}/claim",
            headers=self.service.as_(*(roles or ("operator",)), practice=practice)
            | ({"Idempotency-Key": key} if key else {}),
        )

    async def gives(self, waiting, practice="bay-state", key=None):
        """The installation says of an unclaimed set whose it is."""
        return await self.client.post(
            f"/installation/files/{waiting['file_id']}/sets/{waiting['number']}/claim",
            json={"practice": practice},
            headers=self.installation() | ({"Idempotency-Key": key} if key else {}),
        )

    async def unclaimed(self):
        """All sets that wait, as the installation sees them."""
        answer = await self.as_installation("/installation/unclaimed-sets")
        assert answer.status_code == 200, answer.text
        return answer.json()["sets"]

    async def inbound_files(self):
        """What a practice sees of the folder, and what is left to the installation, each file once."""
        own = (await self.get("/files", direction="inbound"))["files"]
        answer = await self.as_installation("/installation/files")
        assert answer.status_code == 200, answer.text
        known = {one["file_id"] for one in own}
        return own + [one for one in answer.json()["files"] if one["file_id"] not in known]
