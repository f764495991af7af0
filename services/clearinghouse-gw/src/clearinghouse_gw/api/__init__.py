"""HTTP in: a file per resource."""

from fastapi import APIRouter

from . import counts, files, installation, submissions, unclaimed_sets

router = APIRouter()
router.include_router(files.router)
router.include_router(submissions.router)
router.include_router(unclaimed_sets.router)
router.include_router(installation.router)
router.include_router(counts.router)
