"""Whole files of invented people as text, one for each set: right in every respect until a test changes a segment."""

from __future__ import annotations

from dataclasses import dataclass

ISA = "ISA*00*          *00*          *ZZ*BAYCLINIC      *ZZ*FIRSTPAYER     *260916*1030*^*00501*000000017*0*P*:"


@dataclass(frozen=True)
class WholeFile:
    """A file as its segments, ISA first; SE01 is counted when it is written unless a test says otherwise."""

    segments: tuple[str, ...]

    def at(self, start: str) -> int:
        """Where the first segment stands that begins so."""
        found = [number for number, segment in enumerate(self.segments) if segment.startswith(start)]
        assert found, f"no segment begins with {start}"
        return found[0]

    def position(self, start: str) -> int:
        """The position that a finding names: from ST inside a set, from ISA outside."""
        number = self.at(start)
        openings = [at for at, segment in enumerate(self.segments[: number + 1]) if segment.startswith("ST*")]
        closings = [at for at, segment in enumerate(self.segments[:number]) if segment.startswith("SE*")]
        inside = openings and (not closings or closings[-1] < openings[-1])
        return number - openings[-1] + 1 if inside else number + 1

    def change(self, start: str, *instead: str) -> WholeFile:
        """The segment that begins so, replaced; by nothing when nothing is given."""
        number = self.at(start)
        return WholeFile((*self.segments[:number], *instead, *self.segments[number + 1 :]))

    def drop(self, *starts: str) -> WholeFile:
        """Without the first segment that begins so, for each."""
        without = self
        for start in starts:
            without = without.change(start)
        return without

    def add(self, start: str, *more: str) -> WholeFile:
        """More segments after the first one that begins so."""
        return self.change(start, self.segments[self.at(start)], *more)

    def edit(self, start: str, old: str, new: str) -> WholeFile:
        """A part of the segment that begins so, replaced."""
        segment = self.segments[self.at(start)]
        assert old in segment, f"{segment} does not hold {old}"
        return self.change(start, segment.replace(old, new, 1))

    def twice(self, first: str, last: str) -> WholeFile:
        """A stretch of segments, repeated right after itself."""
        start, stop = self.at(first), self.at(last) + 1
        return WholeFile((*self.segments[:stop], *self.segments[start:stop], *self.segments[stop:]))

    def cut(self, start: str) -> WholeFile:
        """Only what comes before the segment that begins so."""
        return WholeFile(self.segments[: self.at(start)])

    @property
    def counted(self) -> tuple[str, ...]:
        """The segments with SE01 filled in."""
        counted, first = [], 0
        for number, segment in enumerate(self.segments):
            first = number if segment.startswith("ST*") else first
            counted.append(segment.replace("#", str(number - first + 1), 1) if segment.startswith("SE*") else segment)
        return tuple(counted)

    def text(self, ending: str = "~") -> str:
        """The file as text."""
        return "".join(segment + ending for segment in self.counted)

    def data(self, ending: str = "~") -> bytes:
        """The file as bytes."""
        return self.text(ending).encode()


def _file(functional_code: str, code: str, guide: str, body: str) -> WholeFile:
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    return WholeFile(
        (
            ISA,
            f"GS*{functional_code}*BAYCLINIC*FIRSTPAYER*20260916*1030*17*X*{guide}",
            "ST*835*0001" if code == "835" else f"ST*{code}*0001*{guide}",  # the 835 does not use ST03
            *lines,
            "SE*#*0001",
            "GE*1*17",
            "IEA*1*000000017",
        )
    )


_BILLING = """
    NM1*41*2*BAY CLINIC*****46*BAYCLINIC
    PER*IC*BILLING OFFICE*TE*6175550100
    NM1*40*2*FIRST PAYER*****46*FIRSTPAYER
    HL*1**20*1
    NM1*85*2*BAY CLINIC*****XX*1999999984
    N3*1 HARBOR STREET
    N4*BOSTON*MA*021101234
    REF*EI*123456789
"""
_SUBSCRIBER = """
    HL*2*1*22*0
    SBR*P*18*******CI
    NM1*IL*1*DOE*JANE****MI*M000001
    N3*12 ELM STREET
    N4*WORCESTER*MA*016010001
    DMG*D8*19800517*F
    NM1*PR*2*FIRST PAYER*****PI*P0001
"""

PROFESSIONAL = _file(
    "HC", "837", "005010X222A1",
    f"""
    BHT*0019*00*BATCH0001*20260916*1030*CH
    {_BILLING}
    {_SUBSCRIBER}
    CLM*OWN0001*200***11:B:1*Y*A*Y*Y
    REF*G1*AUTHORIZED1
    HI*ABK:E119*ABF:I10
    NM1*82*1*RENDER*ROY****XX*1234567893
    PRV*PE*PXC*207Q00000X
    LX*1
    SV1*HC:99213:25*120*UN*1***1:2
    DTP*472*D8*20260901
    REF*6R*OWN1
    LX*2
    SV1*HC:36415*80*UN*1***1
    DTP*472*D8*20260901
    REF*6R*OWN2
    HL*3*1*22*1
    SBR*P********CI
    NM1*IL*1*ROE*RICHARD****MI*M000002
    NM1*PR*2*FIRST PAYER*****PI*P0001
    HL*4*3*23*0
    PAT*19
    NM1*QC*1*ROE*JUNE
    N3*7 OAK STREET
    N4*SALEM*MA*019700001
    DMG*D8*20150302*F
    CLM*CHILD0001*50***11:B:1*Y*A*Y*Y
    HI*ABK:J069
    LX*1
    SV1*HC:99212*50*UN*1***1
    DTP*472*D8*20260902
    REF*6R*CHILD1
    """,
)  # fmt: skip
"""837P: a subscriber's claim of two lines, and a child's under another subscriber."""

SECONDARY = _file(
    "HC", "837", "005010X222A1",
    f"""
    BHT*0019*00*BATCH0002*20260916*1030*CH
    {_BILLING}
    {_SUBSCRIBER.replace("SBR*P*", "SBR*S*")}
    CLM*SECOND0001*200***11:B:1*Y*A*Y*Y
    HI*ABK:E119
    SBR*P*18*******CI
    CAS*PR*1*20
    AMT*D*130
    OI***Y***Y
    NM1*IL*1*DOE*JANE****MI*OTHER01
    NM1*PR*2*EARLIER PAYER*****PI*P0002
    LX*1
    SV1*HC:99213*120*UN*1***1
    DTP*472*D8*20260901
    SVD*P0002*90*HC:99213**1
    CAS*CO*45*30
    DTP*573*D8*20260910
    LX*2
    SV1*HC:36415*80*UN*1***1
    DTP*472*D8*20260901
    SVD*P0002*60*HC:36415**1
    CAS*CO*45*20
    DTP*573*D8*20260910
    """,
)  # fmt: skip
"""837P to a second payer: 200 billed, the first payer paid 130, 20 is the patient's and 50 contractual."""

INSTITUTIONAL = _file(
    "HC", "837", "005010X223A2",
    f"""
    BHT*0019*00*BATCH0003*20260916*1030*CH
    {_BILLING}
    {_SUBSCRIBER}
    CLM*STAY0001*5400***11:A:1**A*Y*Y
    DTP*096*TM*1100
    DTP*434*RD8*20260901-20260904
    DTP*435*DT*202609011030
    CL1*1*1*01
    REF*EA*RECORD1
    HI*ABK:I2109:::::::Y
    HI*ABJ:I2109
    HI*ABF:E119:::::::Y*ABF:Z370
    HI*BBR:02703DZ:D8:20260902
    HI*BE:80:::3
    NM1*71*1*HEALER*HELEN****XX*1234567893
    PRV*AT*PXC*207RC0000X
    LX*1
    SV2*0120**4800*DA*3
    LX*2
    SV2*0450*HC:99284*600*UN*1
    DTP*472*D8*20260901
    """,
)  # fmt: skip
"""837I: an inpatient stay."""

DENTAL = _file(
    "HC", "837", "005010X224A2",
    f"""
    BHT*0019*00*BATCH0004*20260916*1030*CH
    {_BILLING}
    {_SUBSCRIBER}
    CLM*TEETH0001*150***11:B:1*Y*A*Y*Y
    DTP*472*D8*20260901
    LX*1
    SV3*AD:D2150*100****1
    TOO*JP*12*L:O
    LX*2
    SV3*AD:D1110*50****1
    """,
)  # fmt: skip
"""837D: a filling and a cleaning."""

REMITTANCE = _file(
    "HP", "835", "005010X221A1",
    """
    BPR*I*131.5*C*ACH*CCP*01*011000015*DA*1234567*1512345678**01*011000015*DA*7654321*20260920
    TRN*1*EFT0001*1512345678
    DTM*405*20260920
    N1*PR*FIRST PAYER
    N3*1 MAIN STREET
    N4*BOSTON*MA*021010001
    PER*BL*EDI DESK*TE*8005550100
    N1*PE*BAY CLINIC*XX*1999999984
    REF*TJ*123456789
    LX*1
    CLP*OWN0001*1*120*80.5*10*12*PAYER77*11*1
    NM1*QC*1*DOE*JANE****MI*M000001
    DTM*232*20260901
    DTM*050*20260917
    SVC*HC:99213*120*80.5**1
    DTM*472*20260901
    CAS*CO*45*29.5
    CAS*PR*3*10
    REF*6R*OWN1
    AMT*B6*90.5
    LQ*HE*N381
    CLP*OWN0002*1*100*60*20*12*PAYER78*11*1
    CAS*PR*1*20
    NM1*QC*1*ROE*RICHARD****MI*M000002
    SVC*HC:99214*100*80**1
    DTM*472*20260902
    CAS*CO*45*20
    PLB*1999999984*20261231*WO:PAYER66*9
    """,
)  # fmt: skip
"""835: two claims paid, the second with an adjustment of its own, and 9 taken back."""

CLAIM_ACKNOWLEDGMENT = _file(
    "HN", "277", "005010X214",
    """
    BHT*0085*08*ACK0001*20260917*0900*TH
    HL*1**20*1
    NM1*PR*2*FIRST PAYER*****PI*P0001
    TRN*1*ACK0001
    DTP*050*D8*20260916
    DTP*009*D8*20260917
    HL*2*1*21*1
    NM1*41*2*BAY CLINIC*****46*BAYCLINIC
    TRN*2*BATCH0001
    STC*A1:19:PR*20260917*WQ*250
    QTY*90*1
    QTY*AA*1
    AMT*YU*200
    AMT*YY*50
    HL*3*2*19*1
    NM1*85*2*BAY CLINIC*****XX*1999999984
    TRN*1*0
    STC*A1:19:PR**WQ*250
    REF*TJ*123456789
    HL*4*3*PT
    NM1*QC*1*DOE*JANE****MI*M000001
    TRN*2*OWN0001
    STC*A2:20:PR*20260917*WQ*200
    REF*1K*PAYER77
    DTP*472*D8*20260901
    HL*5*3*PT
    NM1*QC*1*ROE*JUNE****MI*M000002
    TRN*2*CHILD0001
    STC*A7:164:IL*20260917*U*50
    DTP*472*D8*20260902
    """,
)  # fmt: skip
"""277CA: one claim accepted, one refused."""

GROUP_ACKNOWLEDGMENT = _file(
    "FA", "999", "005010X231A1",
    """
    AK1*HC*17*005010X222A1
    AK2*837*0001*005010X222A1
    IK5*A
    AK2*837*0002*005010X222A1
    IK3*CLM*22*2300*8
    CTX*CLM01:OWN0002
    IK4*2**6*12O
    IK5*R*5
    AK9*P*2*2*1
    """,
)  # fmt: skip
"""999: of two sets one is refused."""

INQUIRY = _file(
    "HS", "270", "005010X279A1",
    """
    BHT*0022*13*ASK0001*20260916*1030
    HL*1**20*1
    NM1*PR*2*FIRST PAYER*****PI*P0001
    HL*2*1*21*1
    NM1*1P*2*BAY CLINIC*****XX*1999999984
    HL*3*2*22*0
    TRN*1*TRACE0001*9512345678
    NM1*IL*1*DOE*JANE****MI*M000001
    DMG*D8*19800517
    DTP*291*D8*20260916
    EQ*30
    """,
)  # fmt: skip
"""270: is this person insured?"""

BENEFITS = _file(
    "HB", "271", "005010X279A1",
    """
    BHT*0022*11*ASK0001*20260916*1031
    HL*1**20*1
    NM1*PR*2*FIRST PAYER*****PI*P0001
    HL*2*1*21*1
    NM1*1P*2*BAY CLINIC*****XX*1999999984
    HL*3*2*22*0
    TRN*2*TRACE0001*9512345678
    NM1*IL*1*DOE*JANE****MI*M000001
    N3*12 ELM STREET
    N4*WORCESTER*MA*016010001
    DMG*D8*19800517*F
    DTP*346*D8*20260101
    EB*1**30**GOLD PLAN
    EB*1**1^33^35^47
    EB*B**98*HM*GOLD PLAN*27*10*****Y
    LS*2120
    NM1*P3*1*FAMILY*FAY****XX*1234567893
    LE*2120
    """,
)  # fmt: skip
"""271: yes, with a copayment, and a family doctor."""

STATUS_REQUEST = _file(
    "HR", "276", "005010X212",
    """
    BHT*0010*13*STATUS0001*20260916*1030
    HL*1**20*1
    NM1*PR*2*FIRST PAYER*****PI*P0001
    HL*2*1*21*1
    NM1*41*2*BAY CLINIC*****46*BAYCLINIC
    HL*3*2*19*1
    NM1*1P*2*BAY CLINIC*****XX*1999999984
    HL*4*3*22*0
    DMG*D8*19800517*F
    NM1*IL*1*DOE*JANE****MI*M000001
    TRN*1*OWN0001
    REF*EJ*OWN0001
    AMT*T3*120
    DTP*472*D8*20260901
    SVC*HC:99213*120*****1
    REF*FJ*1
    DTP*472*D8*20260901
    """,
)  # fmt: skip
"""276: what became of this claim?"""

STATUS_RESPONSE = _file(
    "HN", "277", "005010X212",
    """
    BHT*0010*08*STATUS0001*20260916*1031*DG
    HL*1**20*1
    NM1*PR*2*FIRST PAYER*****PI*P0001
    HL*2*1*21*1
    NM1*41*2*BAY CLINIC*****46*BAYCLINIC
    HL*3*2*19*1
    NM1*1P*2*BAY CLINIC*****XX*1999999984
    HL*4*3*22*0
    NM1*IL*1*DOE*JANE****MI*M000001
    TRN*2*OWN0001
    STC*F1:65*20260917**120*80.5*20260920**20260920*EFT0001
    REF*1K*PAYER77
    DTP*472*D8*20260901
    SVC*HC:99213*120*80.5****1
    STC*F1:65*20260917
    DTP*472*D8*20260901
    """,
)  # fmt: skip
"""277: it is paid."""

REVIEW_REQUEST = _file(
    "HI", "278", "005010X217",
    """
    BHT*0007*13*REVIEW0001*20260916*1030
    HL*1**20*1
    NM1*X3*2*FIRST PAYER*****PI*P0001
    HL*2*1*21*1
    NM1*1P*2*BAY CLINIC*****XX*1999999984
    HL*3*2*22*1
    NM1*IL*1*DOE*JANE****MI*M000001
    DMG*D8*19800517*F
    HL*4*3*EV*0
    TRN*1*REVIEW0001*9512345678
    UM*HS*I*3
    HI*ABK:E119
    """,
)  # fmt: skip
"""278: may this be done?"""

REVIEW_RESPONSE = _file(
    "HI", "278", "005010X217",
    """
    BHT*0007*11*REVIEW0001*20260916*1031
    HL*1**20*1
    NM1*X3*2*FIRST PAYER*****PI*P0001
    HL*2*1*21*1
    NM1*1P*2*BAY CLINIC*****XX*1999999984
    HL*3*2*22*1
    NM1*IL*1*DOE*JANE****MI*M000001
    HL*4*3*EV*0
    TRN*2*REVIEW0001*9512345678
    UM*HS*I*3
    HCR*A1*CERTIFIED1
    """,
)  # fmt: skip
"""278: it may."""

WHOLE_FILES = {
    "837P": PROFESSIONAL,
    "837P to a second payer": SECONDARY,
    "837I": INSTITUTIONAL,
    "837D": DENTAL,
    "835": REMITTANCE,
    "277CA": CLAIM_ACKNOWLEDGMENT,
    "999": GROUP_ACKNOWLEDGMENT,
    "270": INQUIRY,
    "271": BENEFITS,
    "276": STATUS_REQUEST,
    "277": STATUS_RESPONSE,
    "278 request": REVIEW_REQUEST,
    "278 response": REVIEW_RESPONSE,
}
KNOWN_TO_PYX12 = ("837P", "837P to a second payer", "837I", "835", "277CA", "999")
