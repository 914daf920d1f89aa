"""The doors of OGC API."""
