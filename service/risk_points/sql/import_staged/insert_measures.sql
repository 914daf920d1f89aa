-- Adds the measures that have no place yet, to the first event of their point.
SELECT measures_insert_staged()
