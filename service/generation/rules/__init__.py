"""The generator as it knows its city: what there is, where it clusters, how it is graded."""
