"""Doors of accounts: the one that every request passes, signing in, one's own account, and the people one keeps."""
