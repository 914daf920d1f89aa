-- Takes one risk point out of the register with its events and measures; its assessments and its history stay.
DELETE FROM risk_point WHERE id = %(id)s::bigint RETURNING id
