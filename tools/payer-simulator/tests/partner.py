"""A partner under test: files go in, answers come out, time is told."""

import time
from threading import Event

from claimstream_x12 import X12Reader
from claimstream_x12.acknowledgment_999 import read_999
from claimstream_x12.claim_status_277ca import claim_outcomes, read_277ca
from claimstream_x12.remittance_835 import read_remittance
from payer_simulator.rules import read_rules
from payer_simulator.seeded import Seed
from payer_simulator.serving import Partner

from .builders import a_file


class PartnerAtWork:
    def __init__(self, folder, rules, seed=1):
        self._arguments = (folder / "exchange", folder / "home", read_rules(rules), Seed(seed))
        self.partner = Partner(*self._arguments)
        self.inbound = self.partner.inbound
        self._number = 17

    def starts_again(self):
        self.partner = Partner(*self._arguments)

    def gets(self, content, name="000000017.BAYCLEAR.837"):
        path = self.partner.outbound / name
        path.write_bytes(content)
        self.partner.answer(path)

    def writes(self, after=3600.0):
        self.partner.write_due(time.time() + after)

    def works_once(self):
        """One round of its loop, as after a start."""
        stopping = Event()
        stopping.wait = lambda _: stopping.set()
        self.partner.work(stopping)
        self.starts_again()

    def answers(self, *contents):
        for number, content in enumerate(contents, start=17):
            self.gets(content, f"{number:09d}.BAYCLEAR.837")
        self.writes()
        return self

    def hears(self, *claims, tells=True, **about):
        """One more file with these claims; and, unless it is to wait, all that is to be written."""
        self._number += 1
        self.gets(a_file(*claims, number=self._number, **about), f"{self._number:09d}.BAYCLEAR.837")
        if tells:
            self.writes()

    def files(self, kind):
        return [path.read_bytes() for path in sorted(self.inbound.glob(f"*.{kind}"))]

    def remittances(self):
        """Each once, also the one that is dropped twice."""
        files = [path.read_bytes() for path in sorted(self.inbound.glob("*.835")) if ".copy." not in path.name]
        return [read_remittance(one)[0] for data in files for one in X12Reader(data).sets()]

    def payments(self, number=None):
        found = [claim for remittance in self.remittances() for claim in remittance.claims]
        return [claim for claim in found if number is None or claim.control_number == number]

    def outcomes(self):
        read = [read_277ca(one)[0] for data in self.files("277") for one in X12Reader(data).sets()]
        return {outcome.claim.control_number: outcome for status_set in read for outcome in claim_outcomes(status_set)}

    def syntax(self):
        return [read_999(one)[0] for data in self.files("999") for one in X12Reader(data).sets()]
