-- What follows from a change: statement-level triggers with transition tables, so that an import of 100,000 rows is
-- a handful of set-based statements. A statement trigger also fires when no row was touched, so each of those that
-- update a table with triggers of its own first looks whether it has anything to do: else two of them call each other
-- for ever about nothing.

-- The latest assessment of each basis gives the point its mark; one that arrives late with an older date does not.
CREATE FUNCTION risk_point_mark() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM added) THEN RETURN NULL; END IF;
    UPDATE risk_point SET
        grade_inherent = marks.inherent, grade_assessed = marks.assessed,
        assessed_on = marks.assessed_on, next_review = marks.next_review
    FROM (
        SELECT touched.risk_point_id, inherent.grade AS inherent, assessed.grade AS assessed,
               assessed.assessed_on, assessed.next_review
        FROM (SELECT DISTINCT risk_point_id FROM added) AS touched
        LEFT JOIN LATERAL (
            SELECT grade FROM assessment WHERE risk_point_id = touched.risk_point_id AND basis = 'inherent'
            ORDER BY assessed_on DESC, id DESC LIMIT 1) AS inherent ON true
        LEFT JOIN LATERAL (
            SELECT grade, assessed_on, next_review FROM assessment
            WHERE risk_point_id = touched.risk_point_id AND basis = 'assessed'
            ORDER BY assessed_on DESC, id DESC LIMIT 1) AS assessed ON true
    ) AS marks
    WHERE risk_point.id = marks.risk_point_id;
    RETURN NULL;
END $$;
CREATE TRIGGER mark AFTER INSERT ON assessment
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION risk_point_mark();

-- settle works out grade_current; the update only has to happen.
CREATE FUNCTION risk_point_darken() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM touched) THEN RETURN NULL; END IF;
    UPDATE risk_point SET changed_by = changed_by WHERE id IN (SELECT risk_point_id FROM touched);
    RETURN NULL;
END $$;
CREATE TRIGGER darken_insert AFTER INSERT ON aggravation
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION risk_point_darken();
CREATE TRIGGER darken_update AFTER UPDATE ON aggravation
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION risk_point_darken();
CREATE TRIGGER darken_delete AFTER DELETE ON aggravation
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION risk_point_darken();

-- A firm's name and industries are worn by its sites and points.
CREATE FUNCTION enterprise_follow() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM after) THEN RETURN NULL; END IF;
    UPDATE site SET changed_by = site.changed_by
    FROM before JOIN after USING (id)
    WHERE site.enterprise_id = after.id AND before.industries <> after.industries;
    UPDATE risk_point SET changed_by = risk_point.changed_by
    FROM before JOIN after USING (id)
    WHERE risk_point.enterprise_id = after.id
      AND (before.industries <> after.industries OR before.name <> after.name);
    RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER UPDATE ON enterprise
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION enterprise_follow();

-- A firm is visible where its sites are.
CREATE FUNCTION enterprise_rescope() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM touched) THEN RETURN NULL; END IF;
    UPDATE enterprise SET scope_paths = scope_paths
    WHERE id IN (SELECT enterprise_id FROM touched)
      AND scope_paths IS DISTINCT FROM ARRAY(
        SELECT path_of(home_territory_id)
        UNION SELECT located_in_path FROM site WHERE site.enterprise_id = enterprise.id
        UNION SELECT managed_by_path FROM site WHERE site.enterprise_id = enterprise.id ORDER BY 1);
    RETURN NULL;
END $$;
CREATE TRIGGER rescope_insert AFTER INSERT ON site
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION enterprise_rescope();
CREATE TRIGGER rescope_update AFTER UPDATE ON site
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION enterprise_rescope();
CREATE TRIGGER rescope_delete AFTER DELETE ON site
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION enterprise_rescope();

-- A point without a position of its own moves with its site.
CREATE FUNCTION site_follow() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM after) THEN RETURN NULL; END IF;
    UPDATE risk_point SET changed_by = risk_point.changed_by
    FROM before JOIN after USING (id)
    WHERE risk_point.site_id = after.id AND risk_point.position <> 'own'
      AND (before.geom IS DISTINCT FROM after.geom OR before.located_in_id <> after.located_in_id
           OR before.managed_by_id <> after.managed_by_id);
    UPDATE site_contact SET name = site_contact.name
    FROM before JOIN after USING (id)
    WHERE site_contact.site_id = after.id
      AND (before.located_in_path <> after.located_in_path OR before.managed_by_path <> after.managed_by_path
           OR before.industry_scopes <> after.industry_scopes);
    RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER UPDATE ON site
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION site_follow();

-- Rows below a point follow when its scope moves.
CREATE FUNCTION risk_point_follow() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moved bigint[] := ARRAY(
        SELECT id FROM before JOIN after USING (id)
        WHERE before.located_in_path <> after.located_in_path OR before.managed_by_path <> after.managed_by_path
           OR before.industry_scopes <> after.industry_scopes OR before.enterprise_id IS DISTINCT FROM after.enterprise_id);
BEGIN
    IF moved = '{}' THEN RETURN NULL; END IF;
    UPDATE risk_event SET sort = sort WHERE risk_point_id = ANY (moved);
    UPDATE measure SET sort = sort WHERE risk_point_id = ANY (moved);
    UPDATE cell_touch SET x5 = x5 WHERE risk_point_id = ANY (moved);
    UPDATE assessment SET enterprise_id = point.enterprise_id, located_in_path = point.located_in_path,
        managed_by_path = point.managed_by_path, industry_scopes = point.industry_scopes
    FROM risk_point AS point WHERE point.id = assessment.risk_point_id AND point.id = ANY (moved);
    -- Bound to darken, which touches the point again: only the scope is written here.
    UPDATE aggravation SET source = source WHERE risk_point_id = ANY (moved);
    RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER UPDATE ON risk_point
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION risk_point_follow();
