"""Wire shapes of the door for programs."""
