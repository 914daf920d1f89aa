-- The register: enterprise -> site -> risk point -> event -> measure, and the assessments.
-- Grades are the exchange values riskClass: 1 重大, 2 较大, 3 一般, 4 低; NULL = not assessed. They leave the service as words.

CREATE TABLE enterprise (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uscc text CONSTRAINT enterprise_uscc_form CHECK (uscc ~ '^[0-9ABCDEFGHJKLMNPQRTUWXY]{18}$'),
    name text NOT NULL CONSTRAINT enterprise_name_given CHECK (name <> ''),
    industries text[] NOT NULL DEFAULT '{}',
    economy_code text,
    employees integer CONSTRAINT enterprise_employees_counted CHECK (employees >= 0),
    home_territory_id bigint NOT NULL REFERENCES territory,
    city_code text,
    demo boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    changed_by text NOT NULL DEFAULT '',
    recorded_from timestamptz NOT NULL DEFAULT now(),
    scope_paths ltree[] NOT NULL DEFAULT '{}',
    industry_scopes ltree[] NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX enterprise_uscc_unique ON enterprise (uscc) WHERE uscc IS NOT NULL;
-- Without a credit code (待补) the name is all there is to tell two firms apart.
CREATE UNIQUE INDEX enterprise_name_unique_without_uscc ON enterprise (name) WHERE uscc IS NULL;
CREATE INDEX enterprise_name_trgm ON enterprise USING gin (name gin_trgm_ops);

CREATE TABLE site (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    enterprise_id bigint NOT NULL REFERENCES enterprise,
    number text NOT NULL DEFAULT '1',
    name text NOT NULL DEFAULT '',
    address text NOT NULL DEFAULT '',
    geom geometry(Point, 4490),
    area geometry(MultiPolygon, 4490),
    source_datum text,
    source_x text,
    source_y text,
    located_in_id bigint NOT NULL REFERENCES territory,
    located_stated boolean NOT NULL DEFAULT false,
    managed_by_id bigint NOT NULL REFERENCES territory,
    managed_reason text,
    demo boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    changed_by text NOT NULL DEFAULT '',
    recorded_from timestamptz NOT NULL DEFAULT now(),
    located_in_path ltree NOT NULL,
    managed_by_path ltree NOT NULL,
    industry_scopes ltree[] NOT NULL DEFAULT '{}',
    CONSTRAINT site_number_unique UNIQUE (enterprise_id, number),
    CONSTRAINT site_number_given CHECK (number <> ''),
    CONSTRAINT site_source_whole CHECK ((geom IS NULL) = (source_datum IS NULL)),
    CONSTRAINT site_datum_known CHECK (source_datum IN ('CGCS2000', 'WGS84', 'GCJ02', 'BD09'))
);
CREATE INDEX site_geom_gist ON site USING gist (geom);
CREATE INDEX site_located_in ON site (located_in_id);

CREATE TABLE site_contact (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id bigint NOT NULL REFERENCES site ON DELETE CASCADE,
    enterprise_id bigint NOT NULL,
    role text NOT NULL DEFAULT '',
    name text NOT NULL,
    phone text NOT NULL DEFAULT '',
    located_in_path ltree NOT NULL,
    managed_by_path ltree NOT NULL,
    industry_scopes ltree[] NOT NULL DEFAULT '{}'
);
CREATE INDEX site_contact_site ON site_contact (site_id);

CREATE TABLE risk_point (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner_kind text NOT NULL CONSTRAINT risk_point_owner_known CHECK (owner_kind IN ('enterprise', 'region')),
    enterprise_id bigint REFERENCES enterprise,
    site_id bigint REFERENCES site,
    number text NOT NULL CONSTRAINT risk_point_number_given CHECK (number <> ''),
    name text NOT NULL CONSTRAINT risk_point_name_given CHECK (name <> ''),
    place text NOT NULL DEFAULT '',
    geom geometry(Geometry, 4490),
    anchor geometry(Point, 4490),
    position text NOT NULL CONSTRAINT risk_point_position_known CHECK (position IN ('own', 'inherited', 'none')),
    source_datum text CONSTRAINT risk_point_datum_known CHECK (source_datum IN ('CGCS2000', 'WGS84', 'GCJ02', 'BD09')),
    source_x text,
    source_y text,
    located_in_id bigint NOT NULL REFERENCES territory,
    located_stated boolean NOT NULL DEFAULT false,
    managed_by_id bigint NOT NULL REFERENCES territory,
    managed_reason text,
    own_industries text[],
    industries text[] NOT NULL DEFAULT '{}',
    control_level text,
    accident_edition text,
    accident_categories text[] NOT NULL DEFAULT '{}',
    exposed_workers integer CONSTRAINT risk_point_workers_counted CHECK (exposed_workers >= 0),
    major_hazard_level smallint CONSTRAINT risk_point_major_hazard_level_known CHECK (major_hazard_level BETWEEN 1 AND 4),
    grade_inherent smallint CONSTRAINT risk_point_grade_inherent_known CHECK (grade_inherent BETWEEN 1 AND 4),
    grade_assessed smallint CONSTRAINT risk_point_grade_assessed_known CHECK (grade_assessed BETWEEN 1 AND 4),
    grade_current smallint CONSTRAINT risk_point_grade_current_known CHECK (grade_current BETWEEN 1 AND 4),
    assessed_on date,
    next_review date,
    city_code text,
    demo boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    changed_by text NOT NULL DEFAULT '',
    recorded_from timestamptz NOT NULL DEFAULT now(),
    located_in_path ltree NOT NULL,
    managed_by_path ltree NOT NULL,
    industry_scopes ltree[] NOT NULL DEFAULT '{}',
    x5 integer GENERATED ALWAYS AS (beidou_x5(ST_X(anchor))) STORED,
    y5 integer GENERATED ALWAYS AS (beidou_y5(ST_Y(anchor))) STORED,
    CONSTRAINT risk_point_owner_whole CHECK ((owner_kind = 'enterprise') = (enterprise_id IS NOT NULL)),
    CONSTRAINT risk_point_site_owned CHECK (site_id IS NULL OR enterprise_id IS NOT NULL),
    CONSTRAINT risk_point_position_whole CHECK ((position = 'own') = (geom IS NOT NULL) AND (position = 'none') = (anchor IS NULL)),
    CONSTRAINT risk_point_source_whole CHECK ((geom IS NULL) = (source_datum IS NULL)),
    -- A position that no cell holds would be missing from every map and from the list of points to be placed.
    CONSTRAINT risk_point_on_grid CHECK (anchor IS NULL OR (x5 IS NOT NULL AND y5 IS NOT NULL)),
    CONSTRAINT risk_point_shape CHECK (GeometryType(geom) IN
        ('POINT', 'LINESTRING', 'POLYGON', 'MULTILINESTRING', 'MULTIPOLYGON'))
);
CREATE UNIQUE INDEX risk_point_number_unique_in_enterprise ON risk_point (enterprise_id, number) WHERE enterprise_id IS NOT NULL;
CREATE UNIQUE INDEX risk_point_number_unique_in_region ON risk_point (number) WHERE enterprise_id IS NULL;
-- Counts of any filter and any scope are one range scan of this index; the scope columns ride along for the policy.
CREATE INDEX risk_point_cell ON risk_point (x5, y5) INCLUDE (grade_assessed, grade_inherent, grade_current, demo,
    located_in_path, managed_by_path, industry_scopes, enterprise_id);
CREATE INDEX risk_point_geom_gist ON risk_point USING gist (geom);
CREATE INDEX risk_point_site ON risk_point (site_id);
CREATE INDEX risk_point_located_in ON risk_point (located_in_id, grade_assessed);
CREATE INDEX risk_point_managed_by ON risk_point (managed_by_id, grade_assessed);

CREATE TABLE risk_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    risk_point_id bigint NOT NULL REFERENCES risk_point ON DELETE CASCADE,
    sort integer NOT NULL DEFAULT 1,
    name text NOT NULL CONSTRAINT risk_event_name_given CHECK (name <> ''),
    accident_edition text,
    accident_categories text[] NOT NULL DEFAULT '{}',
    cause_factors text[] NOT NULL DEFAULT '{}',
    dimensions text[] NOT NULL DEFAULT '{}',
    consequence text NOT NULL DEFAULT '',
    changed_by text NOT NULL DEFAULT '',
    recorded_from timestamptz NOT NULL DEFAULT now(),
    enterprise_id bigint,
    located_in_path ltree NOT NULL,
    managed_by_path ltree NOT NULL,
    industry_scopes ltree[] NOT NULL DEFAULT '{}',
    CONSTRAINT risk_event_sort_unique UNIQUE (risk_point_id, sort)
);

CREATE TABLE measure (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    risk_point_id bigint NOT NULL REFERENCES risk_point ON DELETE CASCADE,
    risk_event_id bigint NOT NULL REFERENCES risk_event ON DELETE CASCADE,
    sort integer NOT NULL DEFAULT 1,
    kind text,
    description text NOT NULL CONSTRAINT measure_described CHECK (description <> ''),
    control_level text,
    unit text NOT NULL DEFAULT '',
    person text NOT NULL DEFAULT '',
    changed_by text NOT NULL DEFAULT '',
    recorded_from timestamptz NOT NULL DEFAULT now(),
    enterprise_id bigint,
    located_in_path ltree NOT NULL,
    managed_by_path ltree NOT NULL,
    industry_scopes ltree[] NOT NULL DEFAULT '{}',
    CONSTRAINT measure_sort_unique UNIQUE (risk_event_id, sort)
);
CREATE INDEX measure_risk_point ON measure (risk_point_id);

-- An assessment is evidence: it outlives its risk point, so there is no foreign key to cascade through.
CREATE TABLE assessment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    risk_point_id bigint NOT NULL,
    basis text NOT NULL CONSTRAINT assessment_basis_known CHECK (basis IN ('inherent', 'assessed')),
    method_id text NOT NULL,
    method_version text NOT NULL,
    inputs jsonb NOT NULL,
    score numeric,
    grade smallint NOT NULL CONSTRAINT assessment_grade_known CHECK (grade BETWEEN 1 AND 4),
    reasons jsonb NOT NULL,
    override_from smallint CONSTRAINT assessment_override_known CHECK (override_from BETWEEN 1 AND 4),
    override_reason text,
    assessor text NOT NULL DEFAULT '',
    assessed_on date NOT NULL,
    next_review date,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    recorded_by text NOT NULL DEFAULT '',
    enterprise_id bigint,
    located_in_path ltree NOT NULL,
    managed_by_path ltree NOT NULL,
    industry_scopes ltree[] NOT NULL DEFAULT '{}',
    FOREIGN KEY (method_id, method_version) REFERENCES grading_method,
    CONSTRAINT assessment_override_whole CHECK ((override_from IS NULL) = (override_reason IS NULL) AND override_reason <> ''),
    CONSTRAINT assessment_review_later CHECK (next_review > assessed_on)
);
CREATE INDEX assessment_latest ON assessment (risk_point_id, basis, assessed_on DESC, id DESC);

-- What darkens a point for the time being (an open major hazard, an alarm): each source keeps its own row.
CREATE TABLE aggravation (
    risk_point_id bigint NOT NULL REFERENCES risk_point ON DELETE CASCADE,
    source text NOT NULL,
    grade smallint NOT NULL CONSTRAINT aggravation_grade_known CHECK (grade BETWEEN 1 AND 4),
    count integer NOT NULL CONSTRAINT aggravation_counted CHECK (count > 0),
    reasons jsonb NOT NULL,
    enterprise_id bigint,
    located_in_path ltree NOT NULL,
    managed_by_path ltree NOT NULL,
    industry_scopes ltree[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (risk_point_id, source)
);
