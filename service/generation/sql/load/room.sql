-- Room for a generated city, for one transaction: what it is made of, its drafts, and chance.

-- Chance has a name for each purpose, so that a change in one place does not stir up the rest. 53 bits make a double.
CREATE FUNCTION pg_temp.chance(seed bigint, purpose text, item bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (hashint8extended(item, hashtextextended(purpose, seed)) & 9007199254740991) / 9007199254740992.0::double precision;

-- About a standard normal number (Box and Muller).
CREATE FUNCTION pg_temp.bell(seed bigint, purpose text, item bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sqrt(-2 * ln(1 - pg_temp.chance(seed, purpose || '-', item)))
    * cos(2 * pi() * pg_temp.chance(seed, purpose || '+', item));

CREATE FUNCTION pg_temp.pick(words text[], share double precision) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN words[1 + floor(share * cardinality(words))::integer];

-- A position in degrees, rounded to the decimetre that a field GPS or a map click gives.
CREATE FUNCTION pg_temp.spot(lon double precision, lat double precision) RETURNS geometry
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ST_SetSRID(ST_Point(round(lon::numeric, 6)::double precision, round(lat::numeric, 6)::double precision), 4490);

-- A credit code of GB 32100-2015 that belongs to nobody: its organisation code begins with G and digits. Modulus 31
-- with weights 3^(i-1), and 11 with the weights of GB 11714 for the organisation's own check character.
CREATE FUNCTION pg_temp.credit_code(region text, serial bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    WITH organisation AS (
        SELECT 'G' || lpad(serial::text, 7, '0') AS body
    ), checked AS (
        SELECT '91' || region || body || substr('0X987654321',
            1 + (sum((strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(body, place, 1)) - 1)
                * (ARRAY[3, 7, 9, 10, 5, 8, 4, 2])[place]) % 11)::integer, 1) AS body
        FROM organisation, generate_series(1, 8) AS place GROUP BY body
    )
    SELECT body || substr('0123456789ABCDEFGHJKLMNPQRTUWXY', 1 + ((31 - sum(
        (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(body, place, 1)) - 1)
            * (ARRAY[1,3,9,27,19,26,16,17,20,29,25,13,8,24,10,30,28])[place]) % 31) % 31)::integer, 1)
    FROM checked, generate_series(1, 17) AS place GROUP BY body
$$;

CREATE TEMP TABLE given_place (number integer PRIMARY KEY, setting text, lon double precision, lat double precision,
    spread_km double precision, weight double precision, located_in_id bigint) ON COMMIT DROP;
CREATE TEMP TABLE given_trade (number integer PRIMARY KEY, word text, form text, economy text, industry text,
    site_name text, setting text, weight double precision, size double precision, employees integer[], kinds integer[])
    ON COMMIT DROP;
-- regional: the share among region-owned points, 0 for what firms have. ends: where the shares of grades end.
CREATE TEMP TABLE given_kind (number integer PRIMARY KEY, name text, place text, event text, accidents text[],
    consequence text, measure_kinds text[], measures text[], severity text, workers integer[], industries text[],
    shape text, setting text, length_km double precision[], unit text, regional double precision, ends double precision[],
    name_words text, place_words text) ON COMMIT DROP;
CREATE TEMP TABLE given_verdict (severity text, number integer, grade smallint, method_id text, method_version text,
    inputs jsonb, score numeric, reasons jsonb, PRIMARY KEY (severity, grade, number)) ON COMMIT DROP;

-- The settings with their places and where the shares of those end, for width_bucket.
CREATE TEMP TABLE made_setting (setting text PRIMARY KEY, places integer[], ends double precision[]) ON COMMIT DROP;
CREATE TEMP TABLE made_firm (firm bigint PRIMARY KEY, id bigint, trade integer, first_point bigint, points bigint,
    first_site bigint, sites integer, industries text[], called text, name text, uscc text) ON COMMIT DROP;
-- What firms are called, without the numbers that tell them apart, and the first letters of it.
CREATE TEMP TABLE given_spelling (called text PRIMARY KEY, initials text) ON COMMIT DROP;
CREATE TEMP TABLE made_site (id bigint PRIMARY KEY, firm bigint, number integer, place integer, spot geometry, placed boolean,
    industries text[], located_in_id bigint, managed_by_id bigint) ON COMMIT DROP;
-- point: its number within this generation. spot: what decides where it lies, and carries its counts.
CREATE TEMP TABLE made_draft (point bigint, firm bigint, site_id bigint, kind integer, place integer, geom geometry, spot geometry)
    ON COMMIT DROP;
CREATE TEMP TABLE made_point (point bigint, id bigint, firm bigint, site_id bigint, kind integer, geom geometry, anchor geometry,
    position text, located_in_id bigint, managed_by_id bigint, own_industries text[], industries text[],
    grade_inherent smallint, grade_assessed smallint, assessed_on date, next_review date) ON COMMIT DROP;
CREATE TEMP TABLE made_spot (spot bigint PRIMARY KEY, geom geometry) ON COMMIT DROP;
CREATE TEMP TABLE made_home (spot bigint PRIMARY KEY, located_in_id bigint, zone_id bigint) ON COMMIT DROP;
CREATE TEMP TABLE made_scope (industries text[], located_in_id bigint, managed_by_id bigint, located_in_path ltree,
    managed_by_path ltree, industry_scopes ltree[], city_code text) ON COMMIT DROP;
