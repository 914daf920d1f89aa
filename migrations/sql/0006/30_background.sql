-- Work on a large file goes on when its request is answered. Whoever works holds the row of the upload; a killed worker's
-- hold ends with its connection, and whoever asks next takes the work up again.
ALTER TABLE import_upload DROP CONSTRAINT import_upload_state_known;
ALTER TABLE import_upload ADD CONSTRAINT import_upload_state_known CHECK (state IN ('checking', 'writing', 'needs_kind',
    'needs_datum', 'needs_mapping', 'previewed', 'committed', 'cancelled'));
-- What a person wished to write while the writing is still going on.
ALTER TABLE import_upload ADD COLUMN wish text;

-- How far the work has come; written beside the transaction of the work, which would show nothing until it is over.
CREATE TABLE import_progress (
    upload_id uuid PRIMARY KEY REFERENCES import_upload ON DELETE CASCADE,
    person text NOT NULL,
    row_count integer,
    rows_read integer NOT NULL DEFAULT 0,
    rows_checked integer NOT NULL DEFAULT 0,
    rows_written integer NOT NULL DEFAULT 0,
    stop boolean NOT NULL DEFAULT false
);
ALTER TABLE import_progress ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON import_progress USING (person = (SELECT viewer_person()));
DO $$ BEGIN
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON import_progress TO %I', current_setting('riskmap.app_role'));
END $$;

-- All that was found in a file; the preview holds the first of it, the report shows it where it stands.
ALTER TABLE import_upload ADD COLUMN findings bytea;

-- As in 0002, and what was found goes with the file.
CREATE OR REPLACE FUNCTION import_upload_expire(age interval) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    given_up bigint;
BEGIN
    UPDATE import_upload SET state = 'cancelled', content = '', result = '{}', findings = NULL, wish = NULL
    WHERE id IN (
        SELECT id FROM import_upload
        WHERE state NOT IN ('committed', 'cancelled') AND uploaded_at < now() - GREATEST(age, interval '1 day')
        FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS given_up = ROW_COUNT;
    RETURN given_up;
END $$;
