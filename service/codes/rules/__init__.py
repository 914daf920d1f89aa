"""What a code list is, when its definition is sound, and how any definition document is read strictly."""
