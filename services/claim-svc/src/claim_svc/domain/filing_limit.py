"""The last day on which a payer takes a claim."""

from datetime import date, timedelta

from claimstream_schemas.values.practice import Payer

from .claim import ClaimContent


def filing_limit(content: ClaimContent, payer: Payer) -> date:
    """From the first day of service, of a stay from its through date, whatever days its lines have (CMS MCPM 1 §70)."""
    return content.judged_on + min(timedelta(days=payer.timely_filing_days), date.max - content.judged_on)
