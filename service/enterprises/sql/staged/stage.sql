-- Where enterprises and sites wait until they are written: COPY FROM does not work on tables under row security.
-- firm: the enterprise's number in this writing. id: NULL for what is new. contact_id: the contact that stands. What
-- stands is looked up into the staging first: an INSERT that looks for it in its own table reads, for every row, all the
-- rows it has just written.
CREATE TEMPORARY TABLE staged_enterprise (
    firm integer PRIMARY KEY,
    id bigint,
    uscc text,
    name text NOT NULL,
    initials text NOT NULL,
    industries text[] NOT NULL,
    economy_code text,
    employees integer,
    home_territory_id bigint NOT NULL,
    demo boolean NOT NULL
) ON COMMIT DROP;
CREATE TEMPORARY TABLE staged_site (
    firm integer NOT NULL,
    id bigint,
    number text NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    geom geometry(Point, 4490),
    source_datum text,
    source_x text,
    source_y text,
    located_in_id bigint NOT NULL,
    located_stated boolean NOT NULL,
    managed_by_id bigint NOT NULL,
    managed_reason text,
    demo boolean NOT NULL,
    contact_id bigint,
    contact_name text,
    contact_phone text,
    PRIMARY KEY (firm, number)
) ON COMMIT DROP;
