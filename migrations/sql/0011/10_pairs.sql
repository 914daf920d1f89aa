-- As in 0010, and the same pairs in the same order: a character is taken from an array, not counted off from the
-- beginning of the words for each pair, and the pairs are not put aside before they are read.
CREATE OR REPLACE FUNCTION bigrams(words text) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(hashtext(former || latter)), '{}')
    FROM (SELECT unnest(string_to_array(words, NULL)) AS former, unnest((string_to_array(words, NULL))[2:]) AS latter) AS pair
    WHERE latter IS NOT NULL
$$;
