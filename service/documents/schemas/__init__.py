"""Wire shapes of maps on paper and in files, and how the floors below fill them."""
