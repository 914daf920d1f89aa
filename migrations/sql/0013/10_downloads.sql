-- A file that is being made, or was: whose, of what, how far. The file itself lies on disk for a day.
CREATE TABLE download (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    person text NOT NULL DEFAULT current_writer(),
    -- What its maker saw when it was asked for: whoever sees something else by now is not given it.
    scope text NOT NULL,
    collection text NOT NULL,
    format text NOT NULL,
    query text NOT NULL CONSTRAINT download_query_short CHECK (length(query) <= 20000),
    state text NOT NULL DEFAULT 'waiting' CONSTRAINT download_state_known CHECK (state IN ('waiting', 'working', 'done', 'failed',
        'stopped')),
    total bigint,
    done bigint NOT NULL DEFAULT 0,
    size bigint,
    problem jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- When whoever works on it last said so: one that is silent was killed, and another takes it up.
    said_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX download_person ON download (person, created_at);
ALTER TABLE download ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON download USING (person = (SELECT viewer_person())) WITH CHECK (person = (SELECT viewer_person()));

-- Forgets what is older, whoever's; the ids of the files that may go.
CREATE FUNCTION download_expire(age interval) RETURNS SETOF uuid LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM download WHERE id IN (
        SELECT id FROM download WHERE created_at < now() - GREATEST(age, interval '1 hour') FOR UPDATE SKIP LOCKED)
    RETURNING id
$$;

DO $$
DECLARE
    app text := current_setting('riskmap.app_role');
BEGIN
    EXECUTE format('GRANT SELECT, DELETE, INSERT (id, scope, collection, format, query, total),'
                   ' UPDATE (state, total, done, size, problem, said_at) ON download TO %I', app);
    REVOKE ALL ON FUNCTION download_expire(interval) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION download_expire(interval) TO %I', app);
END $$;
