"""Versioned code lists and the mappings between their editions.

Owns the tables `code_entry` and `code_mapping`. A list is one question ("which kind of accident?"), an
edition is one published answer to it ("GB 6441-2025"), a mapping carries a code of one edition into another
and says how sure it is. Rows elsewhere keep the code together with its edition, so a list may change without
rewriting history.
"""
