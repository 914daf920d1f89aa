"""Wire shapes of lists, of one enterprise, of rankings, and what the filter's choosers offer."""
