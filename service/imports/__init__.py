"""Registers in: a workbook of enterprises or of risk points is checked row by row, then written whole or not at all.

Table: import_upload. A file is kept whole under its hash; a preview (预览) writes nothing but its own upload; a commit
(写入) reads the stored file again, checks it again in the same transaction and writes only what the person saw.
A row with an error (错误) is left out whole; a warning (提示) lets it pass. A cell left empty says nothing about an
existing row; 清空 or CLEAR in it erases what may be erased.
"""
