"""What a tree of territories must obey: levels and keys, names as people write them, borders."""
