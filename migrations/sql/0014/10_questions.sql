-- What a download asks for is kept as it was asked. As the query of an address each Chinese letter was nine, and a filter
-- that a page of features takes was too long for a file.
-- Who has a file under way is told to ask again: it lives a day at most, and its question is not worth a reader in SQL.
UPDATE download SET state = 'failed', problem = jsonb_build_object(
    'error', 'internal', 'message', '服务已升级，请重新生成。',
    'message_en', 'The service was renewed meanwhile; have the file made again.', 'details', jsonb_build_object())
WHERE state IN ('waiting', 'working');

ALTER TABLE download DROP COLUMN query, ADD COLUMN asked jsonb NOT NULL DEFAULT '{}';
ALTER TABLE download ALTER COLUMN asked DROP DEFAULT;

DO $$
DECLARE
    app text := current_setting('riskmap.app_role');
BEGIN
    EXECUTE format('REVOKE DELETE, UPDATE (total) ON download FROM %I', app);
    EXECUTE format('GRANT INSERT (asked) ON download TO %I', app);
END $$;
