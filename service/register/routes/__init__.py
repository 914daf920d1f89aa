"""HTTP of forms and of history."""
