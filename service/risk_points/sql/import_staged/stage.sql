-- Where risk points wait until they are written: COPY FROM does not work on tables under row security.
-- item: the point's number in this writing. id: NULL for a new point. event_id: the first event that stands.
-- measures: how many there are to be, NULL to leave them. An event without a name removes the one that stands.
-- What stands is looked up into the staging first: an INSERT that looks for it in its own table reads, for every row,
-- all the rows it has just written.
CREATE TEMPORARY TABLE staged_risk_point (
    item integer PRIMARY KEY,
    id bigint,
    event_id bigint,
    changed boolean NOT NULL,
    measures integer,
    enterprise_id bigint,
    site_id bigint,
    number text NOT NULL,
    name text NOT NULL,
    place text NOT NULL,
    geom geometry(Geometry, 4490),
    source_datum text,
    source_x text,
    source_y text,
    located_in_id bigint NOT NULL,
    located_stated boolean NOT NULL,
    managed_by_id bigint NOT NULL,
    managed_reason text,
    own_industries text[],
    control_level text,
    accident_edition text,
    accident_categories text[] NOT NULL,
    exposed_workers integer,
    demo boolean NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_event (
    item integer PRIMARY KEY,
    name text,
    accident_edition text,
    accident_categories text[] NOT NULL,
    consequence text NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_measure (
    item integer NOT NULL,
    sort integer NOT NULL,
    id bigint,
    kind text,
    description text NOT NULL,
    control_level text,
    unit text NOT NULL,
    person text NOT NULL,
    PRIMARY KEY (item, sort)
) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_assessment (
    item integer NOT NULL,
    basis text NOT NULL,
    method_id text NOT NULL,
    method_version text NOT NULL,
    inputs jsonb NOT NULL,
    score numeric,
    grade smallint NOT NULL,
    reasons jsonb NOT NULL,
    override_from smallint,
    override_reason text,
    assessor text NOT NULL,
    assessed_on date NOT NULL,
    next_review date,
    PRIMARY KEY (item, basis)
) ON COMMIT DROP;
