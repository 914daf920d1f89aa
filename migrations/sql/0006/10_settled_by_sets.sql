-- What the row triggers of the register work out row by row, an import works out by sets: of 100,000 new points a few
-- hundred have different scopes. The functions of 20_staging.sql insert rows that bring their scope, territories, anchor,
-- mark and words themselves, and the triggers that would fill them in are not called. The app role cannot ask for that
-- by the setting alone: it would have to be somebody else than the role that signed in, as only those functions are.
-- A test compares both ways column by column.
CREATE FUNCTION settled_by_sets() RETURNS boolean LANGUAGE sql STABLE
    RETURN current_setting('riskmap.settled', true) = 'on' AND current_user <> session_user;

CREATE OR REPLACE TRIGGER settle BEFORE UPDATE ON risk_point FOR EACH ROW EXECUTE FUNCTION risk_point_settle();
CREATE OR REPLACE TRIGGER settle_words BEFORE UPDATE ON risk_point FOR EACH ROW EXECUTE FUNCTION risk_point_words();
CREATE TRIGGER settle_new BEFORE INSERT ON risk_point FOR EACH ROW
    WHEN (settled_by_sets() IS NOT TRUE) EXECUTE FUNCTION risk_point_settle();
CREATE TRIGGER settle_words_new BEFORE INSERT ON risk_point FOR EACH ROW
    WHEN (settled_by_sets() IS NOT TRUE) EXECUTE FUNCTION risk_point_words();

CREATE OR REPLACE TRIGGER settle BEFORE UPDATE ON risk_event
    FOR EACH ROW EXECUTE FUNCTION take_scope_of_risk_point('stamped');
CREATE TRIGGER settle_new BEFORE INSERT ON risk_event FOR EACH ROW
    WHEN (settled_by_sets() IS NOT TRUE) EXECUTE FUNCTION take_scope_of_risk_point('stamped');
CREATE OR REPLACE TRIGGER settle BEFORE UPDATE ON measure
    FOR EACH ROW EXECUTE FUNCTION take_scope_of_risk_point('stamped');
CREATE TRIGGER settle_new BEFORE INSERT ON measure FOR EACH ROW
    WHEN (settled_by_sets() IS NOT TRUE) EXECUTE FUNCTION take_scope_of_risk_point('stamped');
CREATE OR REPLACE TRIGGER settle BEFORE INSERT ON assessment FOR EACH ROW
    WHEN (settled_by_sets() IS NOT TRUE) EXECUTE FUNCTION take_scope_of_risk_point('recorded');

-- As in 0001, but a point that wears its mark already is not written again: an import inserts it with the mark.
CREATE OR REPLACE FUNCTION risk_point_mark() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    touched bigint[] := ARRAY(SELECT DISTINCT risk_point_id FROM added ORDER BY 1);
    outdated bigint[];
BEGIN
    IF touched = '{}' THEN RETURN NULL; END IF;
    PERFORM FROM risk_point WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
    outdated := ARRAY(
        SELECT point.id FROM risk_point AS point
        LEFT JOIN LATERAL (
            SELECT grade FROM assessment WHERE risk_point_id = point.id AND basis = 'inherent'
            ORDER BY assessed_on DESC, id DESC LIMIT 1) AS inherent ON true
        LEFT JOIN LATERAL (
            SELECT grade, assessed_on, next_review FROM assessment WHERE risk_point_id = point.id AND basis = 'assessed'
            ORDER BY assessed_on DESC, id DESC LIMIT 1) AS assessed ON true
        WHERE point.id = ANY (touched)
          AND (point.grade_inherent, point.grade_assessed, point.assessed_on, point.next_review) IS DISTINCT FROM
              (inherent.grade, assessed.grade, assessed.assessed_on, assessed.next_review));
    IF outdated = '{}' THEN RETURN NULL; END IF;
    UPDATE risk_point AS point SET
        grade_inherent = (
            SELECT grade FROM assessment WHERE risk_point_id = point.id AND basis = 'inherent'
            ORDER BY assessed_on DESC, id DESC LIMIT 1),
        (grade_assessed, assessed_on, next_review) = (
            SELECT grade, assessed_on, next_review FROM assessment WHERE risk_point_id = point.id AND basis = 'assessed'
            ORDER BY assessed_on DESC, id DESC LIMIT 1)
    WHERE point.id = ANY (outdated);
    RETURN NULL;
END $$;
