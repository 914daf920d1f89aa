"""Lists over the register (台账、清单) and the files made of them: risk points, enterprises, ready-made lists, rankings.

No tables of its own: it reads what the floors below keep, and counts under the one filter.
"""
