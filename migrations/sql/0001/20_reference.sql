-- Reference tables: the same for every viewer, read-only for the app role, written by the owner through the CLI.

CREATE TABLE territory (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id bigint REFERENCES territory,
    path ltree NOT NULL UNIQUE,
    key text NOT NULL GENERATED ALWAYS AS (ltree2text(subpath(path, -1, 1))) STORED UNIQUE,
    code text CONSTRAINT territory_code_form CHECK (code ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
    level text NOT NULL CONSTRAINT territory_level_known
        CHECK (level IN ('country', 'province', 'city', 'district', 'town', 'functional_zone', 'zone_town')),
    statutory boolean NOT NULL GENERATED ALWAYS AS (level NOT IN ('functional_zone', 'zone_town')) STORED,
    name text NOT NULL CONSTRAINT territory_name_given CHECK (name <> ''),
    boundary geometry(MultiPolygon, 4490),
    boundary_source text NOT NULL DEFAULT '',
    boundary_indicative boolean NOT NULL DEFAULT true,
    valid_from date NOT NULL DEFAULT '1900-01-01',
    valid_to date,
    city_code text,
    token bigint NOT NULL DEFAULT 0,
    recorded_from timestamptz NOT NULL DEFAULT now(),
    -- A functional zone has no GB/T 2260 code; every statutory division below the country has one.
    CONSTRAINT territory_code_given CHECK ((code IS NULL) = (level IN ('country', 'functional_zone', 'zone_town'))),
    CONSTRAINT territory_validity CHECK (valid_to IS NULL OR valid_to > valid_from)
);
CREATE INDEX territory_path_gist ON territory USING gist (path);
CREATE INDEX territory_boundary_gist ON territory USING gist (boundary);
CREATE INDEX territory_parent ON territory (parent_id);

CREATE TABLE code_entry (
    list_id text NOT NULL,
    edition text NOT NULL,
    code text NOT NULL,
    parent_code text,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    sort integer NOT NULL,
    source text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    PRIMARY KEY (list_id, edition, code),
    FOREIGN KEY (list_id, edition, parent_code) REFERENCES code_entry DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE code_mapping (
    list_id text NOT NULL,
    from_edition text NOT NULL,
    from_code text NOT NULL,
    to_edition text NOT NULL,
    to_code text NOT NULL,
    certainty text NOT NULL CONSTRAINT code_mapping_certainty CHECK (certainty IN ('exact', 'needs_confirmation')),
    note text NOT NULL DEFAULT '',
    PRIMARY KEY (list_id, from_edition, from_code, to_edition, to_code),
    FOREIGN KEY (list_id, from_edition, from_code) REFERENCES code_entry,
    FOREIGN KEY (list_id, to_edition, to_code) REFERENCES code_entry
);

CREATE TABLE grading_method (
    method_id text NOT NULL,
    version text NOT NULL,
    kind text NOT NULL,
    title_zh text NOT NULL,
    title_en text NOT NULL,
    definition jsonb NOT NULL,
    digest text NOT NULL,
    valid_from date NOT NULL,
    valid_to date,
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (method_id, version),
    -- Which version is in force on a day must have one answer.
    CONSTRAINT grading_method_one_a_day UNIQUE (method_id, valid_from),
    CONSTRAINT grading_method_validity CHECK (valid_to IS NULL OR valid_to > valid_from)
);

-- A published method is evidence: results point at it. Only its end date may still be set.
CREATE FUNCTION grading_method_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - 'valid_to') <> (to_jsonb(OLD) - 'valid_to') THEN
        RAISE EXCEPTION 'a published grading method is never changed' USING ERRCODE = 'RM002';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON grading_method FOR EACH ROW EXECUTE FUNCTION grading_method_keep();

-- Versioned settings of the deployment, such as which colour basis is official.
CREATE TABLE official_setting (
    key text NOT NULL,
    valid_from date NOT NULL,
    value jsonb NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (key, valid_from)
);
INSERT INTO official_setting (key, valid_from, value, reason)
VALUES ('official_basis', '2016-01-01', '"assessed"', 'the assessed colour, with controls, is the official one');

-- The statutory leaf that covers a position, and the functional zone (or its town) if one does. Where a surveyed border
-- overlaps a coarse one the surveyed one is right; other ties go to the older row, so that every door gives the same
-- answer. NULL where nothing loaded covers the point.
CREATE FUNCTION territory_home(place geometry, OUT located_in_id bigint, OUT zone_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    WITH covering AS (
        SELECT id, statutory, nlevel(path) AS depth, boundary_indicative FROM territory
        WHERE valid_to IS NULL AND boundary && place AND ST_Covers(boundary, place)
    )
    SELECT (SELECT id FROM covering WHERE statutory ORDER BY depth DESC, boundary_indicative, id LIMIT 1),
           (SELECT id FROM covering WHERE NOT statutory ORDER BY depth DESC, boundary_indicative, id LIMIT 1)
$$;

CREATE FUNCTION territory_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Random, not a counter: a sum of tokens says 'unchanged' whatever order transactions commit in.
    NEW.token := floor(random() * 9007199254740992)::bigint;
    NEW.recorded_from := now();
    NEW.city_code := CASE WHEN NEW.level = 'city' THEN NEW.code
        ELSE (SELECT city_code FROM territory WHERE id = NEW.parent_id) END;
    RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE ON territory FOR EACH ROW EXECUTE FUNCTION territory_stamp();
