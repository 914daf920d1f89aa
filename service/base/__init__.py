"""The ground floor: settings, the database and its one scoped door, errors, the viewer, logging, the private cluster."""
