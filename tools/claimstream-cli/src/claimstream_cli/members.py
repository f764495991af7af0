"""Who belongs to a stack: the five services in the order of the journey, and the payer simulator."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """One stage: `python -m <module> serve | migrate`, a database of its own, an HTTP port."""

    name: str
    port: int

    @property
    def module(self) -> str:
        """Its import name, which is its database's name and role as well."""
        return self.name.replace("-", "_")


SERVICES = (
    Service("coding-svc", 8101),
    Service("claim-svc", 8102),
    Service("clearinghouse-gw", 8103),
    Service("remit-svc", 8104),
    Service("denial-svc", 8105),
)
CODING, CLAIM, GATEWAY, REMIT, DENIAL = SERVICES
SIMULATOR = "payer-simulator"
