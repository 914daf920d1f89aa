-- What a viewer may write is a part of what they may see: an analyst of a city who is also a firm's officer writes the firm.
-- A scope of writing that was never set writes nothing.

CREATE FUNCTION viewer_write_areas() RETURNS ltree[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_agg(area) FROM unnest(NULLIF(current_setting('riskmap.write_areas', true), '')::ltree[]) AS area
    WHERE nlevel(area) > 0
$$;
CREATE FUNCTION viewer_write_pairs() RETURNS ltree[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_agg(pair) FROM unnest(NULLIF(current_setting('riskmap.write_pairs', true), '')::ltree[]) AS pair
    WHERE nlevel(pair) > 1
$$;
CREATE FUNCTION viewer_write_enterprises() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT NULLIF(current_setting('riskmap.write_enterprises', true), '')::bigint[]
$$;

-- Restricts every way of writing a table to that scope. Kept after the migration: the next table uses it too.
CREATE FUNCTION restrict_writing(target regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    condition text := $policy$
        located_in_path <@ ANY ((SELECT viewer_write_areas())::ltree[])
        OR managed_by_path <@ ANY ((SELECT viewer_write_areas())::ltree[])
        OR industry_scopes <@ ANY ((SELECT viewer_write_pairs())::ltree[])
        OR enterprise_id = ANY ((SELECT viewer_write_enterprises())::bigint[])$policy$;
BEGIN
    IF target = 'enterprise'::regclass THEN
        condition := $policy$
            scope_paths <@ ANY ((SELECT viewer_write_areas())::ltree[])
            OR industry_scopes <@ ANY ((SELECT viewer_write_pairs())::ltree[])
            OR id = ANY ((SELECT viewer_write_enterprises())::bigint[])$policy$;
    END IF;
    EXECUTE format('CREATE POLICY writing_insert ON %s AS RESTRICTIVE FOR INSERT WITH CHECK (%s)', target, condition);
    EXECUTE format('CREATE POLICY writing_update ON %s AS RESTRICTIVE FOR UPDATE USING (%s)', target, condition);
    EXECUTE format('CREATE POLICY writing_delete ON %s AS RESTRICTIVE FOR DELETE USING (%s)', target, condition);
END $$;
REVOKE ALL ON FUNCTION restrict_writing(regclass) FROM PUBLIC;

DO $$
DECLARE
    target text;
BEGIN
    FOREACH target IN ARRAY ARRAY['enterprise', 'site', 'site_contact', 'risk_point', 'risk_event', 'measure', 'assessment',
                                  'aggravation'] LOOP
        PERFORM restrict_writing(target::regclass);
    END LOOP;
END $$;
