"""Making files of collections."""
