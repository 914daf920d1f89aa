-- The versions of a risk point that stood at or after a moment; recorded_to NULL: the one that stands.
WITH version AS (
    SELECT NULL::timestamptz AS recorded_to, NULL::text AS closed_by, recorded_from, changed_by, version, enterprise_id,
        site_id, number, name, place, geom, source_datum, source_x, source_y, located_in_id, managed_by_id,
        managed_reason, own_industries, control_level, exposed_workers, grade_current
    FROM risk_point WHERE id = %(id)s::bigint
    UNION ALL
    SELECT recorded_to, closed_by, recorded_from, changed_by, version, enterprise_id,
        site_id, number, name, place, geom, source_datum, source_x, source_y, located_in_id, managed_by_id,
        managed_reason, own_industries, control_level, exposed_workers, grade_current
    FROM risk_point_history WHERE id = %(id)s::bigint AND recorded_to >= %(oldest)s::timestamptz
)
SELECT version.recorded_from, version.recorded_to, version.changed_by, version.closed_by, version.version,
    version.number, version.name, version.place, enterprise.name AS enterprise, site.number AS site,
    md5(ST_AsEWKB(version.geom)) AS position_key,
    CASE WHEN version.geom IS NULL THEN NULL
         WHEN version.source_y IS NOT NULL THEN concat(version.source_x, ', ', version.source_y, ' · ', version.source_datum)
         ELSE concat(left(ST_AsText(version.geom, 5), 90), '… (', ST_NPoints(version.geom), ')') END AS position,
    located.name AS territory, managing.name AS managed_by, version.managed_reason, version.own_industries,
    version.control_level, version.exposed_workers, version.grade_current
FROM version
JOIN territory AS located ON located.id = version.located_in_id
JOIN territory AS managing ON managing.id = version.managed_by_id
LEFT JOIN enterprise ON enterprise.id = version.enterprise_id
LEFT JOIN site ON site.id = version.site_id
ORDER BY version.recorded_from
