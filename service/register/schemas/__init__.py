"""Wire shapes of forms and of history."""
