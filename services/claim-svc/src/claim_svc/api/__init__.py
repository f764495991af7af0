"""HTTP in: a file per resource."""

from fastapi import APIRouter

from . import claims, corrections, counts

router = APIRouter()
router.include_router(claims.router)
router.include_router(corrections.router)
router.include_router(counts.router)
