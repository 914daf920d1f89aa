"""The four-colour risk-map service: floors that call downwards only, rooms with the same names on each."""
