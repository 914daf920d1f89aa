-- What every writer of the register obeys, whichever door it came through: form, import, psql.
-- SECURITY DEFINER, because a row's scope is worked out from rows that its writer may not see; the policy then checks
-- the finished row against the writer's scope.
-- Own error codes: RM001 position outside every loaded territory, RM003 site of another enterprise,
-- RM004 an assessment is never changed, RM005 no such risk point, RM007 a shape larger than a risk point can be.

-- (industry and each of its ancestors) x (each path), as one ltree a pair: gas.cn.220000.220100.220105
CREATE FUNCTION industry_scopes_of(industries text[], VARIADIC paths ltree[]) RETURNS ltree[]
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE upward(code) AS (
        SELECT unnest(industries)
        UNION
        SELECT parent_code FROM upward JOIN code_entry USING (code)
        WHERE list_id = 'regulatory_industry' AND valid_to IS NULL AND parent_code IS NOT NULL
    )
    SELECT COALESCE(array_agg(DISTINCT text2ltree(code) || path), '{}')
    FROM upward, unnest(paths) AS path
$$;

CREATE FUNCTION current_writer() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT COALESCE(viewer_person(), session_user::text)
$$;

-- now() is when a transaction began: one that began earlier and writes later must not run the record backwards.
CREATE FUNCTION recorded_after(earlier timestamptz) RETURNS timestamptz LANGUAGE sql STABLE
    RETURN CASE WHEN earlier = now() THEN earlier ELSE GREATEST(now(), earlier + interval '1 microsecond') END;

CREATE FUNCTION path_of(territory_id bigint) RETURNS ltree LANGUAGE sql STABLE AS $$
    SELECT path FROM territory WHERE id = territory_id
$$;

CREATE FUNCTION enterprise_settle() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.scope_paths := ARRAY(
        SELECT path_of(NEW.home_territory_id)
        UNION SELECT located_in_path FROM site WHERE enterprise_id = NEW.id
        UNION SELECT managed_by_path FROM site WHERE enterprise_id = NEW.id ORDER BY 1);
    NEW.industry_scopes := industry_scopes_of(NEW.industries, VARIADIC NEW.scope_paths);
    NEW.city_code := (SELECT city_code FROM territory WHERE id = NEW.home_territory_id);
    NEW.changed_by := current_writer();
    NEW.recorded_from := now();
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
        NEW.recorded_from := recorded_after(OLD.recorded_from);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settle BEFORE INSERT OR UPDATE ON enterprise FOR EACH ROW EXECUTE FUNCTION enterprise_settle();

CREATE FUNCTION site_settle() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    home record;
BEGIN
    IF NEW.geom IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.geom IS DISTINCT FROM OLD.geom) THEN
        home := territory_home(NEW.geom);
        IF NOT NEW.located_stated OR NEW.located_in_id IS NULL THEN
            NEW.located_in_id := home.located_in_id;
        END IF;
        IF NEW.located_in_id IS NULL THEN
            RAISE EXCEPTION 'the position lies outside every loaded territory' USING ERRCODE = 'RM001';
        END IF;
        IF NEW.managed_reason IS NULL THEN
            NEW.managed_by_id := COALESCE(home.zone_id, NEW.located_in_id);
        END IF;
    END IF;
    NEW.located_in_id := COALESCE(NEW.located_in_id,
        (SELECT home_territory_id FROM enterprise WHERE id = NEW.enterprise_id));
    NEW.managed_by_id := COALESCE(NEW.managed_by_id, NEW.located_in_id);
    NEW.located_in_path := path_of(NEW.located_in_id);
    NEW.managed_by_path := path_of(NEW.managed_by_id);
    NEW.industry_scopes := industry_scopes_of(
        (SELECT industries FROM enterprise WHERE id = NEW.enterprise_id), NEW.located_in_path, NEW.managed_by_path);
    NEW.changed_by := current_writer();
    NEW.recorded_from := now();
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
        NEW.recorded_from := recorded_after(OLD.recorded_from);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settle BEFORE INSERT OR UPDATE ON site FOR EACH ROW EXECUTE FUNCTION site_settle();

CREATE FUNCTION risk_point_settle() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    firm enterprise;
    host site;
    home record;
    moved boolean := true;
    cell constant double precision := 4 / 3600.0; -- degrees, the edge of a level-5 cell
    most_cells constant integer := 20000; -- a gas main of 2,400 km, an area of 220 km² at 44° N
    widest constant double precision := 4; -- degrees, more than any city of China; bounds the search for cells crossed
BEGIN
    IF TG_OP = 'INSERT' OR (NEW.enterprise_id, NEW.site_id) IS DISTINCT FROM (OLD.enterprise_id, OLD.site_id) THEN
        -- A firm or site that somebody is changing: wait, or that change would follow every point but this one.
        SELECT * INTO firm FROM enterprise WHERE id = NEW.enterprise_id FOR SHARE;
        SELECT * INTO host FROM site WHERE id = NEW.site_id FOR SHARE;
    ELSE
        SELECT * INTO firm FROM enterprise WHERE id = NEW.enterprise_id;
        SELECT * INTO host FROM site WHERE id = NEW.site_id;
    END IF;
    IF host.enterprise_id <> NEW.enterprise_id THEN
        RAISE EXCEPTION 'the site belongs to another enterprise' USING ERRCODE = 'RM003';
    END IF;

    IF (ST_Dimension(NEW.geom) = 1 AND ST_Length(NEW.geom) > most_cells * cell)
       OR (ST_Dimension(NEW.geom) = 2 AND ST_Area(NEW.geom) > most_cells * cell * cell)
       OR ST_XMax(NEW.geom) - ST_XMin(NEW.geom) > widest OR ST_YMax(NEW.geom) - ST_YMin(NEW.geom) > widest THEN
        RAISE EXCEPTION 'the shape is larger than a risk point can be' USING ERRCODE = 'RM007';
    END IF;
    IF NEW.geom IS NULL THEN
        NEW.anchor := host.geom;
    ELSIF GeometryType(NEW.geom) = 'POINT' THEN
        NEW.anchor := NEW.geom;
    ELSIF NEW.anchor IS NULL OR (TG_OP = 'UPDATE' AND NEW.geom IS DISTINCT FROM OLD.geom
                                 AND NEW.anchor IS NOT DISTINCT FROM OLD.anchor) THEN
        NEW.anchor := ST_PointOnSurface(NEW.geom);
    END IF;
    NEW.position := CASE WHEN NEW.geom IS NOT NULL THEN 'own' WHEN NEW.anchor IS NOT NULL THEN 'inherited' ELSE 'none' END;
    IF TG_OP = 'UPDATE' THEN
        moved := NEW.anchor IS DISTINCT FROM OLD.anchor;
    END IF;

    IF NEW.position = 'own' AND moved THEN
        home := territory_home(NEW.anchor);
        IF NOT NEW.located_stated OR NEW.located_in_id IS NULL THEN
            NEW.located_in_id := home.located_in_id;
        END IF;
        IF NEW.located_in_id IS NULL THEN
            RAISE EXCEPTION 'the position lies outside every loaded territory' USING ERRCODE = 'RM001';
        END IF;
        IF NEW.managed_reason IS NULL THEN
            NEW.managed_by_id := COALESCE(home.zone_id, NEW.located_in_id);
        END IF;
    ELSIF NEW.position = 'inherited' THEN
        NEW.located_in_id := host.located_in_id;
        NEW.located_stated := host.located_stated;
        NEW.managed_by_id := CASE WHEN NEW.managed_reason IS NULL THEN host.managed_by_id ELSE NEW.managed_by_id END;
    END IF;
    NEW.located_in_id := COALESCE(NEW.located_in_id, host.located_in_id, firm.home_territory_id);
    NEW.managed_by_id := COALESCE(NEW.managed_by_id, NEW.located_in_id);

    NEW.industries := COALESCE(NEW.own_industries, firm.industries, '{}');
    IF TG_OP = 'UPDATE' AND (NEW.located_in_id, NEW.managed_by_id, NEW.industries)
                          = (OLD.located_in_id, OLD.managed_by_id, OLD.industries) THEN
        -- Most updates only bring a new mark; working the scope out again would be most of their cost.
        NEW.located_in_path := OLD.located_in_path;
        NEW.managed_by_path := OLD.managed_by_path;
        NEW.industry_scopes := OLD.industry_scopes;
        NEW.city_code := OLD.city_code;
    ELSE
        NEW.located_in_path := path_of(NEW.located_in_id);
        NEW.managed_by_path := path_of(NEW.managed_by_id);
        NEW.industry_scopes := industry_scopes_of(NEW.industries, NEW.located_in_path, NEW.managed_by_path);
        NEW.city_code := (SELECT city_code FROM territory WHERE id = NEW.located_in_id);
    END IF;
    NEW.grade_current := LEAST(NEW.grade_assessed, (SELECT min(grade) FROM aggravation WHERE risk_point_id = NEW.id));
    NEW.changed_by := current_writer();
    NEW.recorded_from := now();
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
        NEW.recorded_from := recorded_after(OLD.recorded_from);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settle BEFORE INSERT OR UPDATE ON risk_point FOR EACH ROW EXECUTE FUNCTION risk_point_settle();

-- Rows below a risk point wear its scope.
CREATE FUNCTION take_scope_of_risk_point() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT enterprise_id, located_in_path, managed_by_path, industry_scopes
    INTO NEW.enterprise_id, NEW.located_in_path, NEW.managed_by_path, NEW.industry_scopes
    FROM risk_point WHERE id = NEW.risk_point_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such risk point' USING ERRCODE = 'RM005';
    END IF;
    IF TG_ARGV[0] = 'stamped' THEN
        NEW.changed_by := current_writer();
        NEW.recorded_from := CASE TG_OP WHEN 'UPDATE' THEN recorded_after(OLD.recorded_from) ELSE now() END;
    ELSIF TG_ARGV[0] = 'recorded' THEN
        NEW.recorded_by := current_writer();
        NEW.recorded_at := now();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settle BEFORE INSERT OR UPDATE ON risk_event
    FOR EACH ROW EXECUTE FUNCTION take_scope_of_risk_point('stamped');
CREATE TRIGGER settle BEFORE INSERT OR UPDATE ON measure
    FOR EACH ROW EXECUTE FUNCTION take_scope_of_risk_point('stamped');
CREATE TRIGGER settle BEFORE INSERT OR UPDATE ON aggravation
    FOR EACH ROW EXECUTE FUNCTION take_scope_of_risk_point('');
CREATE TRIGGER settle BEFORE INSERT ON assessment
    FOR EACH ROW EXECUTE FUNCTION take_scope_of_risk_point('recorded');

CREATE FUNCTION take_scope_of_site() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT enterprise_id, located_in_path, managed_by_path, industry_scopes
    INTO NEW.enterprise_id, NEW.located_in_path, NEW.managed_by_path, NEW.industry_scopes
    FROM site WHERE id = NEW.site_id;
    RETURN NEW;
END $$;
CREATE TRIGGER settle BEFORE INSERT OR UPDATE ON site_contact FOR EACH ROW EXECUTE FUNCTION take_scope_of_site();

CREATE FUNCTION assessment_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - ARRAY['enterprise_id', 'located_in_path', 'managed_by_path', 'industry_scopes'])
        = (to_jsonb(OLD) - ARRAY['enterprise_id', 'located_in_path', 'managed_by_path', 'industry_scopes']) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an assessment is never changed or removed; assess again' USING ERRCODE = 'RM004';
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON assessment FOR EACH ROW EXECUTE FUNCTION assessment_keep();
