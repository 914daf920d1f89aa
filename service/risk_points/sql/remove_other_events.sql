-- Removes the events of a point that are not among those kept; their measures go with them.
DELETE FROM risk_event WHERE risk_point_id = %(risk_point_id)s::bigint AND id <> ALL (%(kept)s::bigint[])
