"""Wire shapes of risk points, and the one filter as query parameters."""
