-- Filters that are counted live. Geometry, array and LIKE operators are not leakproof, so under row security they are
-- never index conditions: what they read must lie in the index that is scanned anyway.

-- Edition and code in one word, as the filter asks for them: codes of two editions mean different things.
CREATE FUNCTION accidents_of(edition text, categories text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN string_to_array(edition || ':' || array_to_string(categories, ',' || edition || ':'), ',');
ALTER TABLE risk_point ADD COLUMN accidents text[]
    GENERATED ALWAYS AS (accidents_of(accident_edition, accident_categories)) STORED;
ALTER TABLE risk_point_history ADD COLUMN accidents text[];

DROP INDEX risk_point_cell;
CREATE INDEX risk_point_cell ON risk_point (x5, y5) INCLUDE (grade_assessed, grade_inherent, grade_current, demo,
    located_in_path, managed_by_path, industry_scopes, enterprise_id, accidents, industries, position, next_review, id);

-- Every two neighbouring characters of a text, as numbers. Chinese words have two characters: trigrams miss them.
CREATE FUNCTION bigrams(words text) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(DISTINCT hashtext(substr(words, i, 2))), '{}') FROM generate_series(1, length(words) - 1) AS i
$$;
CREATE INDEX risk_point_bigrams ON risk_point USING gin (bigrams(search));

CREATE INDEX risk_point_accidents ON risk_point USING gin (accidents);

-- The pairs of characters that whatever meets the patterns (%word%, with \ before what LIKE would read) must hold.
CREATE FUNCTION bigrams_of_patterns(patterns text[]) RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
    SELECT COALESCE(array_agg(DISTINCT gram), '{}') FROM unnest(patterns) AS pattern,
        unnest(bigrams(regexp_replace(substr(pattern, 2, length(pattern) - 2), '\\(.)', '\1', 'g'))) AS gram
$$;

-- Points that meet words and accident categories, by id and whoever may see them: statements join them under the policy.
CREATE FUNCTION risk_points_found(patterns text[], categories text[]) RETURNS bigint[] LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    found bigint[];
BEGIN
    EXECUTE 'SELECT array_agg(id) FROM risk_point WHERE true'
        || CASE WHEN patterns IS NULL THEN '' ELSE ' AND bigrams(search) @> $1 AND search LIKE ALL ($2)' END
        || CASE WHEN categories IS NULL THEN '' ELSE ' AND accidents && $3' END
    INTO found USING bigrams_of_patterns(patterns), patterns, categories;
    RETURN COALESCE(found, '{}');
END $$;

-- Whether so few points are expected to meet them that fetching each by its id beats reading a whole range of cells.
CREATE FUNCTION risk_points_few(patterns text[], categories text[]) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    costs constant integer := 15; -- measured: one point by its id takes as long as fifteen read in the order of cells
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
