"""HTTP in: a file per resource."""

from fastapi import APIRouter

from . import claims, corrections, counts, self_pay_visits, submissions

router = APIRouter()
router.include_router(claims.router)
router.include_router(corrections.router)
router.include_router(submissions.router)
router.include_router(self_pay_visits.router)
router.include_router(counts.router)
