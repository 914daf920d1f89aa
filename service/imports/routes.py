"""Workbooks over HTTP."""

from fastapi import APIRouter

router = APIRouter(prefix="/api/imports", tags=["imports"])
