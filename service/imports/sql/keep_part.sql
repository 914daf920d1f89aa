-- Keeps one slice of what a check worked out.
INSERT INTO import_part (upload_id, part, person, asked, seen, points, events, measures, assessments)
VALUES (%(upload_id)s::uuid, %(part)s::integer, viewer_person(), %(asked)s::bytea, %(seen)s::text, %(points)s::bytea,
    %(events)s::bytea, %(measures)s::bytea, %(assessments)s::bytea)
