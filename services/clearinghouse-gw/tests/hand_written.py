"""An 835 written by hand, segment by segment, so that a test can spoil any of them."""

from .builders import NPI, PARTNER, SUBMITTER, TIN

CLEAN = (
    "BPR*I*100*C*CHK************20260920",
    "TRN*1*EFT0001*1512345678",
    "DTM*405*20260920",
    "N1*PR*FIRST PAYER*XV*P0001",
    "N3*1 MAIN",
    "N4*BOSTON*MA*021010001",
    "PER*BL**TE*8005550100",
    f"N1*PE*BAY STATE CLINIC*XX*{NPI}",
    f"REF*TJ*{TIN}",
    "LX*1",
    f"TS3*{NPI}*11*20261231*1*120",
    "CLP*NOT-OURS*1*120*100*20*12*PAYER77*11*1**470*1.5*0.5",
    "NM1*QC*1*DOE*JANE****MI*M000001",
    "MIA*0**0",
    "MOA***MA01",
    "REF*EA*4711",
    "DTM*232*20260901",
    "PER*CX**TE*8005550100",
    "AMT*I*1.25",
    "QTY*CA*1",
    "SVC*HC:99213*120*100**1",
    "DTM*472*20260901",
    "CAS*CO*45*15*1*253*5*1",
    "REF*6R*LINE1",
    "AMT*B6*105",
    "QTY*ZK*1",
    "LQ*HE*N130",
)


def by_hand(*, changes=None, number=1, receiver=SUBMITTER):
    """A file with one set: ``changes`` by the old segment."""
    changes = changes or {}
    assert set(changes) <= set(CLEAN), set(changes) - set(CLEAN)
    body = [changes.get(text, text) for text in CLEAN]
    whole = [
        f"ISA*00*          *00*          *ZZ*{PARTNER:15}*ZZ*{receiver:15}*260916*1200*^*00501*{number:09d}*0*P*:",
        f"GS*HP*{PARTNER}*{receiver}*20260916*1200*{number}*X*005010X221A1",
        "ST*835*0001",
        *body,
        f"SE*{len(body) + 2}*0001",
        f"GE*1*{number}",
        f"IEA*1*{number:09d}",
    ]
    return ("~\n".join(whole) + "~\n").encode("latin-1")
