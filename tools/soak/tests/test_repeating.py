"""What is dropped a second time differs from the original in the way it says; the next release's events can be read by this one."""

import subprocess
import sys

from claimstream_auditor.x12_files import read_file
from claimstream_schemas import DenialChanged
from claimstream_soak.repeating import MARK, drop_again
from claimstream_soak.rolling import next_release

HEAD = b"ISA*00*          *00*          *ZZ*PAYER          *ZZ*US             *260916*1200*^*00501*000000007*0*P*:~"
BODY = (
    b"GS*HP*PAYER*US*20260916*1200*7*X*005010X221A1~ST*835*0001~BPR*I*100*C*CHK~TRN*1*T1*1999999999~"
    b"CLP*ABC*1*120*100*20*12*P1~CAS*PR*1*20~SE*6*0001~GE*1*7~"
)
FILE = HEAD + BODY + b"IEA*1*000000007~"


def test_a_payers_file_comes_again_in_each_way(tmp_path):
    for number in range(6):
        (tmp_path / f"0000{number}.835").write_bytes(FILE)

    assert drop_again(tmp_path, count=6, seed=3) == 6

    copies = [read_file(path.read_bytes()) for path in sorted(tmp_path.glob(f"{MARK}-*"))]
    whole, enveloped, short, grown, empty, changed = copies
    original = read_file(FILE).sets[0]
    assert [each.sets[0].digest == original.digest for each in (whole, enveloped, grown)] == [True] * 3
    assert enveloped.interchanges[0].control_number != whole.interchanges[0].control_number
    assert not any(one.is_sound for one in short.sets)
    assert empty.sets == []
    assert changed.sets[0].is_sound
    assert changed.sets[0].digest != original.digest


def test_files_that_a_run_has_dropped_are_not_taken_for_the_payers_own(tmp_path):
    (tmp_path / "00001.835").write_bytes(FILE)
    drop_again(tmp_path, count=1, seed=1)

    assert drop_again(tmp_path, count=9, seed=2) == 1


def test_the_next_release_says_a_field_more_and_this_one_reads_its_events(tmp_path):
    program = (
        "import sys; from claimstream_schemas import DenialChanged as D;"
        "print('said_by_release' in D.model_fields, D.model_fields['practice_id'].is_required())"
    )

    path = next_release(tmp_path)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], env={"PYTHONPATH": str(path)}, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["True", "True"]
    assert "said_by_release" not in DenialChanged.model_fields
    assert DenialChanged.model_config["extra"] == "ignore"
