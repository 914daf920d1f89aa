"""Reads for forms: what stands, what it was, and what a form is read against."""
