-- What a person finds a row by. Words are kept beside the row, because a filter by the name of a firm is asked of points
-- by the hundred thousand; normalised as what is typed is (service/risk_points/schemas/selection.py).
CREATE FUNCTION words_of(VARIADIC parts text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN lower(normalize(array_to_string(parts, ' '), NFKC));

ALTER TABLE enterprise ADD COLUMN search text NOT NULL DEFAULT '';
-- First letters of the name's syllables (pinyin), given by the writer; a name changed without them leaves none.
ALTER TABLE enterprise ADD COLUMN initials text NOT NULL DEFAULT '';
ALTER TABLE enterprise_history ADD COLUMN search text NOT NULL DEFAULT '';
ALTER TABLE enterprise_history ADD COLUMN initials text NOT NULL DEFAULT '';
ALTER TABLE risk_point ADD COLUMN search text NOT NULL DEFAULT '';
ALTER TABLE risk_point_history ADD COLUMN search text NOT NULL DEFAULT '';

CREATE FUNCTION enterprise_words() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.search := words_of(NEW.name, NEW.uscc);
    IF TG_OP = 'UPDATE' AND NEW.name <> OLD.name AND NEW.initials = OLD.initials THEN
        NEW.initials := '';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER settle_words BEFORE INSERT OR UPDATE ON enterprise FOR EACH ROW EXECUTE FUNCTION enterprise_words();

CREATE FUNCTION risk_point_words() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.search := words_of(NEW.number, NEW.name, NEW.place,
                           (SELECT search FROM enterprise WHERE id = NEW.enterprise_id));
    RETURN NEW;
END $$;
CREATE TRIGGER settle_words BEFORE INSERT OR UPDATE ON risk_point FOR EACH ROW EXECUTE FUNCTION risk_point_words();

-- As in 0001, and a credit code is searched by too.
CREATE OR REPLACE FUNCTION enterprise_follow() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moved bigint[];
    renamed bigint[];
BEGIN
    EXECUTE $sql$
        SELECT array_agg(id) FILTER (WHERE before.industries <> after.industries),
               array_agg(id) FILTER (WHERE before.industries <> after.industries OR before.search <> after.search)
        FROM before JOIN after USING (id)$sql$ INTO moved, renamed;
    IF moved IS NOT NULL THEN
        UPDATE site SET changed_by = changed_by WHERE enterprise_id = ANY (moved);
    END IF;
    IF renamed IS NOT NULL THEN
        UPDATE risk_point SET changed_by = changed_by WHERE enterprise_id = ANY (renamed);
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION enterprise_words(), risk_point_words() FROM PUBLIC;

UPDATE enterprise SET changed_by = changed_by WHERE search = '';
UPDATE risk_point SET changed_by = changed_by WHERE search = '';
CREATE INDEX enterprise_initials ON enterprise (initials text_pattern_ops);
