"""The doors that show layers: vector tiles over a registry of what the floors below declare."""
