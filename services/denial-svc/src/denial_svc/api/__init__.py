"""HTTP in: a file per resource."""

from fastapi import APIRouter

from . import cases

router = APIRouter()
router.include_router(cases.router)
