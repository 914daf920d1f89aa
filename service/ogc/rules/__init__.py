"""The rules of the door for programs: reference systems, extents, moments, pages, filters."""
