"""The door for programs: OGC API, over the collections that the floors below declare."""
