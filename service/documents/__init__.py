"""Documents that leave the service: the map as one file, and the imprint of every map on paper."""
