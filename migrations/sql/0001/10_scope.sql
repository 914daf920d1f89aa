-- Who is asking: the scoped door sets these settings locally in each transaction, and policies read them here.
-- A setting that was never made is NULL, one left over from a committed local setting is '': both mean nobody.
-- An empty ltree label would be everybody's ancestor, so it is dropped.

CREATE FUNCTION viewer_areas() RETURNS ltree[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_agg(area) FROM unnest(NULLIF(current_setting('riskmap.areas', true), '')::ltree[]) AS area
    WHERE nlevel(area) > 0
$$;

CREATE FUNCTION viewer_pairs() RETURNS ltree[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_agg(pair) FROM unnest(NULLIF(current_setting('riskmap.pairs', true), '')::ltree[]) AS pair
    WHERE nlevel(pair) > 1
$$;

CREATE FUNCTION viewer_enterprises() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT NULLIF(current_setting('riskmap.enterprises', true), '')::bigint[]
$$;

CREATE FUNCTION viewer_person() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT NULLIF(current_setting('riskmap.person', true), '')
$$;

-- Hands one table to the app role under the one scope rule. Kept after the migration: the next table uses it too.
CREATE FUNCTION scope_table(target regclass, privileges text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format($policy$
        CREATE POLICY scope ON %s USING (
            located_in_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR managed_by_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR industry_scopes <@ ANY ((SELECT viewer_pairs())::ltree[])
            OR enterprise_id = ANY ((SELECT viewer_enterprises())::bigint[])
        )$policy$, target);
    EXECUTE format('GRANT %s ON %s TO %I', privileges, target, current_setting('riskmap.app_role'));
END $$;
REVOKE ALL ON FUNCTION scope_table(regclass, text) FROM PUBLIC;
