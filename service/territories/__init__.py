"""The tree of territories: statutory divisions, and the functional zones that overlap them, with their boundaries.

Table: territory. It is reference: the same for every viewer, written by the owner role through the command line.
"""
