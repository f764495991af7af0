"""``python tests/recount/totals.py var/demo``: the ledger's totals against the bytes of the 835s, in a few dozen lines that share nothing.

A set counts once whatever its envelope, and where it balances: ΣCLP04 - ΣPLB = BPR02, and of each claim and line what is left after its CAS is what
was paid (X12 RFI 358, 2601). Then cash is ΣBPR02, each claim was paid the CLP04s that name it, and each PLB reason has its own sum.
"""

import asyncio
import json
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import asyncpg

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from recount.databases import at, served

ACCOUNTS = (
    "SELECT account, sum(cents)::bigint FROM entries WHERE account = 'cash' OR account LIKE 'plb.%' GROUP BY account"
)
CLAIMS = (
    "SELECT control_number, sum(cents)::bigint FROM entries JOIN accounts ON accounts.id = account_id"
    " WHERE account = 'payer.paid' GROUP BY 1 HAVING sum(cents) <> 0"
)
Totals = tuple[Counter[str], Counter[str]]


def bodies(folder: Path) -> list[list[list[str]]]:
    """Each different 835 set, as segments of elements without ST and SE."""
    found: dict[str, list[list[str]]] = {}
    for path in sorted(folder.iterdir()):
        text = path.read_text("latin-1")
        if not text.startswith("ISA") or path.suffix == ".part":
            continue
        segments = [one.strip().split(text[3]) for one in text.split(text[105]) if one.strip()]
        ends = [place for place, one in enumerate(segments) if one[0] == "SE"]
        for place, one in enumerate(segments):
            if one[:2] == ["ST", "835"]:
                body = segments[place + 1 : next(end for end in ends if end > place)]
                found.setdefault(json.dumps(body), body)
    return list(found.values())


def totals(body: list[list[str]]) -> Totals | None:
    """Cents by ledger account and by CLP01; None where the set does not balance."""
    accounts, claims = Counter[str](), Counter[str]()
    left: list[Decimal] = []  # of each claim and line what its amounts lack
    of_claim, cash = 0, Decimal(0)
    number = ""
    for one in body:
        match one[0]:
            case "BPR":
                cash = Decimal(one[2])
            case "CLP" | "SVC":
                charge, paid = (3, 4) if one[0] == "CLP" else (2, 3)
                left.append(Decimal(one[charge]) - Decimal(one[paid] or 0))
                if one[0] == "CLP":
                    number, of_claim = one[1], len(left) - 1
                    claims[number] += int(Decimal(one[4]) * 100)
            case "CAS":
                adjusted = sum((Decimal(one[place]) for place in range(3, len(one), 3) if one[place]), Decimal(0))
                for place in {of_claim, len(left) - 1}:
                    left[place] -= adjusted
            case "PLB":
                for place in range(4, len(one), 2):
                    accounts[f"plb.{one[place - 1][:2]}"] += int(Decimal(one[place]) * 100)
    accounts["cash"] = int(cash * 100)
    whole = int(cash * 100) - sum(claims.values()) + sum(each for name, each in accounts.items() if name != "cash")
    return None if any(left) or whole else (accounts, claims)


async def of_ledger(url: str) -> Totals:
    """What remit-svc has."""
    connection = await asyncpg.connect(url)
    try:
        return Counter(dict(await connection.fetch(ACCOUNTS))), Counter(dict(await connection.fetch(CLAIMS)))
    finally:
        await connection.close()


def main(demo: Path) -> int:
    """Compare, and print what differs."""
    plan = json.loads((demo / "run" / "plan.json").read_text())
    with served(plan) as address:
        kept_accounts, kept_claims = asyncio.run(of_ledger(at(plan["databases"]["remit-svc"], address)))
    accounts, claims = Counter[str](), Counter[str]()
    for body in bodies(demo / "exchange" / "inbound"):
        if found := totals(body):
            accounts.update(found[0])
            claims.update(found[1])
    ours = {number: cents for number, cents in claims.items() if cents and number in kept_claims}
    strangers = sum(cents for number, cents in claims.items() if number not in kept_claims)
    names = sorted({*accounts, *kept_accounts})
    wrong = [name for name in names if accounts[name] != kept_accounts[name]]
    wrong += [number for number in kept_claims if ours.get(number) != kept_claims[number]]
    for name in names:
        sys.stdout.write(f"{name:12}{accounts[name]:>14,}{kept_accounts[name]:>14,}\n")
    sys.stdout.write(f"{len(kept_claims)} claims paid {sum(kept_claims.values()):,}; {strangers:,} named no claim\n")
    sys.stdout.write("the totals agree\n" if not wrong else f"{len(wrong)} differ: {', '.join(wrong[:9])}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
