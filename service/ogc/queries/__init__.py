"""The statements behind the door for programs, composed of what collections declare.

A statement is put together of our own texts and of declared names; whatever a caller gives is bound.
"""
