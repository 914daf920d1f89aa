"""The register of risk points: points, events, measures, assessments and the marks that follow from them.

Tables: risk_point, risk_event, measure, assessment, aggravation and the histories of the first three.
"""
