"""Write what a form says: create, change, move, assess, remove."""
