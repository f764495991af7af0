"""HTTP in: a file per resource."""

from fastapi import APIRouter

from . import claims, counts

router = APIRouter()
router.include_router(claims.router)
router.include_router(counts.router)
