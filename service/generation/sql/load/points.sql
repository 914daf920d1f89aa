-- Where each point stands and who answers for it, as the register's own rule has it (risk_point_settle); what it is
-- graded, before and with controls, and when. One firm in thirty has only just registered: nothing there is graded.
WITH stood AS (
    SELECT point, draft.firm, site_id, draft.kind, kind.industries AS own, ends, severity, firm.industries AS worn,
        CASE WHEN home.located_in_id IS NOT NULL THEN geom END AS geom,
        CASE WHEN home.located_in_id IS NOT NULL THEN draft.spot WHEN placed THEN site.spot END AS anchor,
        COALESCE(home.located_in_id, site.located_in_id, place.located_in_id) AS located_in_id,
        CASE WHEN home.located_in_id IS NOT NULL THEN COALESCE(home.zone_id, home.located_in_id)
            ELSE COALESCE(site.managed_by_id, place.located_in_id) END AS managed_by_id,
        pg_temp.chance(%(seed)s, 'grade', point) AS draw,
        pg_temp.chance(%(seed)s, 'new', point) < 0.02
            OR draft.firm IS NOT NULL AND pg_temp.chance(%(seed)s, 'new firm', draft.firm) < 0.03 AS unassessed
    FROM made_draft AS draft
    JOIN given_kind AS kind ON kind.number = draft.kind
    JOIN given_place AS place ON place.number = draft.place
    LEFT JOIN made_home AS home ON home.spot = point
    LEFT JOIN made_site AS site ON site.id = site_id
    LEFT JOIN made_firm AS firm ON firm.firm = draft.firm
), graded AS (
    SELECT *, CASE WHEN NOT unassessed THEN
        -- Nothing of the region is red: it could be taken for a place somebody knows.
        CASE WHEN draw < ends[1] AND firm IS NOT NULL THEN 1 WHEN draw < ends[2] THEN 2 WHEN draw < ends[3] THEN 3 ELSE 4 END
    END AS grade,
        pg_temp.chance(%(seed)s, 'controls', point) AS controls, pg_temp.chance(%(seed)s, 'late', point) < 0.06 AS late
    FROM stood
), bare AS (
    SELECT graded.*, CASE WHEN grade IS NOT NULL THEN GREATEST(worst, grade - CASE
            WHEN controls < (ARRAY[0, 0, 0.04, 0.06])[grade] THEN 2
            WHEN controls < (ARRAY[0, 0.45, 0.50, 0.48])[grade] THEN 1 ELSE 0 END) END AS inherent,
        grade <= 2 OR grade = 3 AND controls > 0.7 AS half_yearly
    FROM graded JOIN (SELECT severity, min(grade) AS worst FROM given_verdict GROUP BY severity) AS reach USING (severity)
), dated AS (
    -- In time is assessed within the period; late is up to a quarter of a year beyond it.
    SELECT *, %(as_of)s::date - (CASE WHEN late THEN period + 3 ELSE 0 END + floor(pg_temp.chance(%(seed)s, 'day', point)
        * CASE WHEN late THEN 90 ELSE period - 8 END))::integer AS assessed_on
    FROM bare, LATERAL (SELECT CASE WHEN half_yearly THEN 182 ELSE 365 END AS period) AS reviewed
)
INSERT INTO made_point (point, id, firm, site_id, kind, geom, anchor, position, located_in_id, managed_by_id, own_industries,
    industries, grade_inherent, grade_assessed, assessed_on, next_review)
SELECT point, %(first_point)s::bigint + point - 1, firm, site_id, kind, geom, anchor,
    CASE WHEN geom IS NOT NULL THEN 'own' WHEN anchor IS NOT NULL THEN 'inherited' ELSE 'none' END,
    located_in_id, managed_by_id, CASE WHEN own <> '{}' THEN combined END, combined,
    CASE WHEN pg_temp.chance(%(seed)s, 'inherent left out', point) >= 0.06 THEN inherent END, grade,
    CASE WHEN grade IS NOT NULL THEN assessed_on END,
    CASE WHEN grade IS NOT NULL AND pg_temp.chance(%(seed)s, 'review left out', point) >= 0.02
        THEN (assessed_on + CASE WHEN half_yearly THEN interval '6 months' ELSE interval '12 months' END)::date END
FROM dated, LATERAL (SELECT COALESCE(worn, '{}') || ARRAY(
    SELECT code FROM unnest(own) AS code WHERE code <> ALL (COALESCE(worn, '{}'))) AS combined) AS supervised
