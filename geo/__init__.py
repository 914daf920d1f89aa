"""The earth and nothing else: grid cells, datums, shapes, tiles. Knows no service, no database, no risk."""
