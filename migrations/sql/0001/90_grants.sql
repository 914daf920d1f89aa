-- What the app role may do. It owns nothing; every business row is behind the scope policy.

SELECT scope_table('site', 'SELECT, INSERT, UPDATE');
SELECT scope_table('site_contact', 'SELECT, INSERT, UPDATE, DELETE');
SELECT scope_table('risk_event', 'SELECT, INSERT, UPDATE, DELETE');
SELECT scope_table('measure', 'SELECT, INSERT, UPDATE, DELETE');
SELECT scope_table('assessment', 'SELECT, INSERT');
SELECT scope_table('aggravation', 'SELECT, INSERT, UPDATE, DELETE');
SELECT scope_table('cell_touch', 'SELECT');
SELECT scope_table('cell_stat', 'SELECT');
SELECT scope_table('cell_stat_delta', 'SELECT');
SELECT scope_table('risk_point', 'SELECT, DELETE');
SELECT scope_table('risk_point_history', 'SELECT');
SELECT scope_table('site_history', 'SELECT');
SELECT scope_table('risk_event_history', 'SELECT');
SELECT scope_table('measure_history', 'SELECT');

DO $$
DECLARE
    app text := current_setting('riskmap.app_role');
    writable text;
    target text;
BEGIN
    -- A firm has as many paths as it has sites; the rule is the same.
    FOREACH target IN ARRAY ARRAY['enterprise', 'enterprise_history'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
        EXECUTE format($policy$
            CREATE POLICY scope ON %I USING (
                scope_paths <@ ANY ((SELECT viewer_areas())::ltree[])
                OR industry_scopes <@ ANY ((SELECT viewer_pairs())::ltree[])
                OR id = ANY ((SELECT viewer_enterprises())::bigint[])
            )$policy$, target);
        EXECUTE format('GRANT SELECT ON %I TO %I', target, app);
    END LOOP;
    EXECUTE format('GRANT INSERT, UPDATE ON enterprise TO %I', app);

    -- Marks come from assessments and scope from territories: the app role cannot write them by hand.
    SELECT string_agg(quote_ident(column_name), ', ') INTO writable FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = 'risk_point' AND column_name NOT IN ('id', 'position', 'industries',
        'grade_inherent', 'grade_assessed', 'grade_current', 'assessed_on', 'next_review', 'city_code', 'version',
        'recorded_from', 'located_in_path', 'managed_by_path', 'industry_scopes', 'x5', 'y5');
    EXECUTE format('GRANT INSERT (%1$s), UPDATE (%1$s) ON risk_point TO %2$I', writable, app);

    -- Foreign keys do not see row security: without this a site added to a firm out of sight would bring it into sight.
    FOREACH target IN ARRAY ARRAY['site', 'risk_point'] LOOP
        EXECUTE format($policy$
            CREATE POLICY own_firm_insert ON %1$I AS RESTRICTIVE FOR INSERT WITH CHECK (enterprise_id IS NULL
                OR EXISTS (SELECT FROM enterprise WHERE enterprise.id = %1$I.enterprise_id))$policy$, target);
        EXECUTE format($policy$
            CREATE POLICY own_firm_update ON %1$I AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK (enterprise_id IS NULL
                OR EXISTS (SELECT FROM enterprise WHERE enterprise.id = %1$I.enterprise_id))$policy$, target);
    END LOOP;

    -- What is evidence, or is followed by counts, is never emptied at a stroke.
    FOREACH target IN ARRAY ARRAY['enterprise', 'site', 'site_contact', 'risk_point', 'risk_event', 'measure', 'assessment',
                                  'aggravation', 'cell_touch', 'cell_stat', 'cell_stat_delta', 'cell_version',
                                  'cell_version_delta', 'grading_method', 'territory'] LOOP
        EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %I'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', target);
    END LOOP;

    -- A trigger function could be put on a temporary table of one's own and would answer with the owner's eyes.
    FOR target IN SELECT oid::regprocedure::text FROM pg_proc
        WHERE prosecdef AND prorettype = 'trigger'::regtype AND proowner = current_user::regrole LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
    END LOOP;

    ALTER TABLE import_upload ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON import_upload USING (person = (SELECT viewer_person()));
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON import_upload TO %I', app);

    EXECUTE format('GRANT SELECT ON territory, code_entry, code_mapping, grading_method, official_setting, '
                   'cell_version, cell_version_delta, alembic_version TO %I', app);
END $$;
