-- Where the points lie that meet words and accident categories, whoever may see them: the statement that asks fetches them
-- in the order of the table, under the policy, and compares the words themselves (one with three letters has two bigrams,
-- which may stand apart). A row's place is good within the snapshot that found it, so the function is STABLE and no more.
DROP FUNCTION risk_points_found(text[], text[]);
CREATE FUNCTION risk_points_found(patterns text[], categories text[]) RETURNS tid[] LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found tid[];
BEGIN
    EXECUTE 'SELECT array_agg(ctid) FROM risk_point WHERE true'
        || CASE WHEN patterns IS NULL THEN '' ELSE ' AND bigrams(search) @> $1' END
        || CASE WHEN categories IS NULL THEN '' ELSE ' AND accidents && $2' END
    INTO found USING bigrams_of_patterns(patterns), categories;
    RETURN COALESCE(found, '{}');
END $$;

-- Whether so few points are expected to meet them that fetching each from its place beats reading a whole range of cells.
CREATE OR REPLACE FUNCTION risk_points_few(patterns text[], categories text[]) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    costs constant integer := 5; -- measured: one point from its place takes as long as five read in the order of cells
    grams constant integer[] := bigrams_of_patterns(patterns);
    plan json;
BEGIN
    IF grams = '{}' AND categories IS NULL THEN RETURN false; END IF;
    EXECUTE 'EXPLAIN (FORMAT json) SELECT FROM risk_point WHERE true'
        || CASE WHEN grams = '{}' THEN '' ELSE format(' AND bigrams(search) @> %L', grams) END
        || CASE WHEN categories IS NULL THEN '' ELSE format(' AND accidents && %L', categories) END INTO plan;
    RETURN (plan -> 0 -> 'Plan' ->> 'Plan Rows')::bigint * costs
        < (SELECT reltuples FROM pg_class WHERE oid = 'risk_point'::regclass);
END $$;
