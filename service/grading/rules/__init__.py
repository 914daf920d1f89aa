"""The pure part of grading, to be read in this order: grades, methods, reasons, verdicts, definitions."""
