-- An upload nobody decides about still holds a whole file, names and telephones included: after a while it is given up.
-- The row stays, as a cancelled one does. SECURITY DEFINER, because a job is nobody and uploads are their person's own;
-- it tells only how many, and cannot be asked to give up what came in lately.
CREATE FUNCTION import_upload_expire(age interval) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    given_up bigint;
BEGIN
    UPDATE import_upload SET state = 'cancelled', content = '', result = '{}'
    WHERE id IN (
        SELECT id FROM import_upload
        WHERE state NOT IN ('committed', 'cancelled') AND uploaded_at < now() - GREATEST(age, interval '1 day')
        FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS given_up = ROW_COUNT;
    RETURN given_up;
END $$;
REVOKE ALL ON FUNCTION import_upload_expire(interval) FROM PUBLIC;
DO $$ BEGIN
    EXECUTE format('GRANT EXECUTE ON FUNCTION import_upload_expire(interval) TO %I', current_setting('riskmap.app_role'));
END $$;
