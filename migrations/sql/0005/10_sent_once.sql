-- What a client has sent under a key of its own, so that sent twice is written once. subject_id: the row that came of it,
-- filled in before the transaction ends. Two senders of one key meet at the primary key: the second waits for the first.
CREATE TABLE sent_once (
    person text NOT NULL,
    key text NOT NULL CONSTRAINT sent_once_key_length CHECK (length(key) BETWEEN 1 AND 128),
    digest text NOT NULL,
    subject_id bigint,
    sent_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person, key)
);
CREATE INDEX sent_once_age ON sent_once (person, sent_at);

DO $$
BEGIN
    ALTER TABLE sent_once ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON sent_once USING (person = (SELECT viewer_person()));
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON sent_once TO %I', current_setting('riskmap.app_role'));
END $$;
