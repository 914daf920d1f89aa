"""Grading methods as versioned data, and the verdict each gives with its reasons.

Owns the table `grading_method`. A method turns inputs into one of the four grades; a published version never
changes, a new threshold is a new version. This floor knows numbers and texts, and nothing of risk points.
"""
