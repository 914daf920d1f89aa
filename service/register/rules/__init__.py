"""What a form says, read by the rules of the import; and what differs between two versions of a row."""
