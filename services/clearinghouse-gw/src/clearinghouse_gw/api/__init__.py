"""HTTP in: a file per resource."""

from fastapi import APIRouter

from . import counts, files, submissions

router = APIRouter()
router.include_router(files.router)
router.include_router(submissions.router)
router.include_router(counts.router)
