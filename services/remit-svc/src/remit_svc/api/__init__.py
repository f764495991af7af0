"""HTTP in: a file per resource."""

from fastapi import APIRouter

from . import accounts, counts, remittances, suspense, tasks

router = APIRouter()
for resource in (accounts, remittances, suspense, tasks, counts):
    router.include_router(resource.router)
