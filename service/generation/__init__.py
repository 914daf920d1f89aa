"""Invented registers of any size, filled in bulk: what a measurement or a stress test stands on."""
