"""The register written by hand (登记): one risk point, one enterprise, one site at a time, with what was when (历史).

Table: sent_once, the keys under which clients sent what they created. A form (表单) is read as a row of a workbook is, by
the rules of the import, so that both find the same problems under the same codes; a field that is absent says nothing,
one that is empty erases. Whoever changes a row says which version they saw.
"""
