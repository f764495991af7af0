"""HTTP in: a file per resource."""

from fastapi import APIRouter

from . import accounts, counts, remittances

router = APIRouter()
router.include_router(accounts.router)
router.include_router(remittances.router)
router.include_router(counts.router)
