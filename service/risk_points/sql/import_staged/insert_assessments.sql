-- Adds the assessments; the marks of points that do not wear them yet follow by trigger.
SELECT assessments_insert_staged()
