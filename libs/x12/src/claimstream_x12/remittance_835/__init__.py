"""835: the remittance advice."""

from claimstream_x12.remittance_835.balancing import Balance, Imbalance, Level, balance
from claimstream_x12.remittance_835.reading import RemittanceReader, read_remittance
from claimstream_x12.remittance_835.records import (
    GUIDE,
    Account,
    Adjudication,
    ClaimPayment,
    DateMark,
    KeptSegment,
    Payee,
    Payer,
    Payment,
    ProviderAdjustment,
    ProviderGroup,
    Remark,
    Remittance,
    RemittanceHeader,
    ServicePayment,
    Trace,
)
from claimstream_x12.remittance_835.writing import write_remittance

__all__ = [
    "GUIDE",
    "Account",
    "Adjudication",
    "Balance",
    "ClaimPayment",
    "DateMark",
    "Imbalance",
    "KeptSegment",
    "Level",
    "Payee",
    "Payer",
    "Payment",
    "ProviderAdjustment",
    "ProviderGroup",
    "Remark",
    "Remittance",
    "RemittanceHeader",
    "RemittanceReader",
    "ServicePayment",
    "Trace",
    "balance",
    "read_remittance",
    "write_remittance",
]
