-- What follows from a change: statement-level triggers with transition tables, so that an import of 100,000 rows is
-- a handful of set-based statements. A statement trigger also fires when no row was touched, so each of those that
-- update a table with triggers of its own first looks whether it has anything to do: else two of them call each other
-- for ever about nothing.

-- The latest assessment of each basis gives the point its mark; one that arrives late with an older date does not.
-- The points are locked first, by a statement of their own: the next one then sees what a writer committed that it had
-- to wait for. Sub-selects by point leave the planner no join order to get wrong before the first ANALYZE.
CREATE FUNCTION risk_point_mark() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    touched bigint[] := ARRAY(SELECT DISTINCT risk_point_id FROM added ORDER BY 1);
BEGIN
    IF touched = '{}' THEN RETURN NULL; END IF;
    PERFORM FROM risk_point WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
    UPDATE risk_point AS point SET
        grade_inherent = (
            SELECT grade FROM assessment WHERE risk_point_id = point.id AND basis = 'inherent'
            ORDER BY assessed_on DESC, id DESC LIMIT 1),
        (grade_assessed, assessed_on, next_review) = (
            SELECT grade, assessed_on, next_review FROM assessment WHERE risk_point_id = point.id AND basis = 'assessed'
            ORDER BY assessed_on DESC, id DESC LIMIT 1)
    WHERE point.id = ANY (touched);
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
CREATE TRIGGER lighten_update AFTER UPDATE ON aggravation
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION risk_point_darken();
CREATE TRIGGER darken_delete AFTER DELETE ON aggravation
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION risk_point_darken();

-- The followers below run their joins of transition tables by EXECUTE: plpgsql would plan them once a connection, for
-- the one row that came by then, and a later change of thousands of rows would be compared each with each.

-- A firm's name and industries are worn by its sites and points.
CREATE FUNCTION enterprise_follow() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moved bigint[];
    renamed bigint[];
BEGIN
    EXECUTE $sql$
        SELECT array_agg(id) FILTER (WHERE before.industries <> after.industries),
               array_agg(id) FILTER (WHERE before.industries <> after.industries OR before.name <> after.name)
        FROM before JOIN after USING (id)$sql$ INTO moved, renamed;
    IF moved IS NOT NULL THEN
        UPDATE site SET changed_by = changed_by WHERE enterprise_id = ANY (moved);
    END IF;
    IF renamed IS NOT NULL THEN
        UPDATE risk_point SET changed_by = changed_by WHERE enterprise_id = ANY (renamed);
    END IF;
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
DECLARE
    moved bigint[];
    rescoped bigint[];
BEGIN
    EXECUTE $sql$
        SELECT array_agg(id) FILTER (WHERE before.geom IS DISTINCT FROM after.geom
                   OR before.located_in_id <> after.located_in_id OR before.managed_by_id <> after.managed_by_id),
               array_agg(id) FILTER (WHERE before.located_in_path <> after.located_in_path
                   OR before.managed_by_path <> after.managed_by_path OR before.industry_scopes <> after.industry_scopes)
        FROM before JOIN after USING (id)$sql$ INTO moved, rescoped;
    IF moved IS NOT NULL THEN
        UPDATE risk_point SET changed_by = changed_by WHERE site_id = ANY (moved) AND position <> 'own';
    END IF;
    IF rescoped IS NOT NULL THEN
        UPDATE site_contact SET name = name WHERE site_id = ANY (rescoped);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follow AFTER UPDATE ON site
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION site_follow();

-- Rows below a point follow when its scope moves.
CREATE FUNCTION risk_point_follow() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moved bigint[];
BEGIN
    EXECUTE $sql$
        SELECT array_agg(id) FROM before JOIN after USING (id)
        WHERE before.located_in_path <> after.located_in_path OR before.managed_by_path <> after.managed_by_path
           OR before.industry_scopes <> after.industry_scopes
           OR before.enterprise_id IS DISTINCT FROM after.enterprise_id$sql$ INTO moved;
    IF moved IS NULL THEN RETURN NULL; END IF;
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
