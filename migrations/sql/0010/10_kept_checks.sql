-- What the check of a register of risk points worked out, slice by slice, until a person decides. The writing takes it as
-- it is where nothing has changed that it was worked out from; else the file is read again.
-- asked: the points it looked up, seen: a digest of what the register answered. The other columns are the rows to be
-- written as COPY reads them. Everything is compressed by its writer (service/imports/rules/kept.py).
CREATE TABLE import_part (
    upload_id uuid NOT NULL REFERENCES import_upload ON DELETE CASCADE,
    part integer NOT NULL,
    person text NOT NULL,
    asked bytea NOT NULL,
    seen text NOT NULL,
    points bytea NOT NULL,
    events bytea NOT NULL,
    measures bytea NOT NULL,
    assessments bytea NOT NULL,
    PRIMARY KEY (upload_id, part)
);
-- What is compressed already is not compressed again, which takes longer than writing it.
ALTER TABLE import_upload ALTER content SET STORAGE EXTERNAL;
ALTER TABLE import_part ALTER asked SET STORAGE EXTERNAL, ALTER points SET STORAGE EXTERNAL,
    ALTER events SET STORAGE EXTERNAL, ALTER measures SET STORAGE EXTERNAL, ALTER assessments SET STORAGE EXTERNAL;
ALTER TABLE import_part ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON import_part USING (person = (SELECT viewer_person()));
DO $$ BEGIN
    EXECUTE format('GRANT SELECT, INSERT, DELETE ON import_part TO %I', current_setting('riskmap.app_role'));
END $$;

-- Beside the register, what the kept parts were worked out from: reference rows, the viewer's scope, the day. NULL: nothing
-- is kept.
ALTER TABLE import_upload ADD COLUMN ground text;

-- As in 0006, and what was kept goes with the file.
CREATE OR REPLACE FUNCTION import_upload_expire(age interval) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    given_up bigint;
BEGIN
    WITH old AS (
        SELECT id FROM import_upload
        WHERE state NOT IN ('committed', 'cancelled') AND uploaded_at < now() - GREATEST(age, interval '1 day')
        FOR UPDATE SKIP LOCKED
    ), dropped AS (
        DELETE FROM import_part WHERE upload_id IN (SELECT id FROM old)
    )
    UPDATE import_upload SET state = 'cancelled', content = '', result = '{}', findings = NULL, wish = NULL, ground = NULL
    WHERE id IN (SELECT id FROM old);
    GET DIAGNOSTICS given_up = ROW_COUNT;
    RETURN given_up;
END $$;
