-- Adds the first event of the points that have none, and tells the staging their ids.
SELECT risk_events_insert_staged()
