-- What is counted of the points of one enterprise: grades, what is overdue and to be located, how much risk weighs there.
count(*) AS total, min(marked.rank) AS rank,
count(*) FILTER (WHERE marked.rank = 1) AS major, count(*) FILTER (WHERE marked.rank = 2) AS large,
count(*) FILTER (WHERE marked.rank = 3) AS general, count(*) FILTER (WHERE marked.rank = 4) AS low,
count(*) FILTER (WHERE marked.rank = 5) AS unassessed,
count(*) FILTER (WHERE point.next_review < %(today)s::date) AS overdue,
count(*) FILTER (WHERE point.position <> 'own') AS to_locate,
COALESCE(sum(point.exposed_workers), 0) AS exposed_workers,
sum((%(weights)s::float8[])[marked.rank] * GREATEST(point.exposed_workers, %(workers_at_least)s::int)) AS weighted
