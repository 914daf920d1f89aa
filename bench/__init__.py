"""Measurements against the budgets: docs/bench.md says what and how."""
