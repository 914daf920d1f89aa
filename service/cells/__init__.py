"""Computation cells (BeiDou, GB/T 39409): counts, what crosses where, the summary of a territory, change tokens.

Tables: cell_touch, cell_stat and its deltas, cell_version and its deltas. The truth is a live GROUP BY over the
register; cell_stat answers the common views of a city (docs/decisions/0011, 0014).
"""
