-- Sites on the map: their cells, as geometry operators are no index conditions under row security, and what changed where.
ALTER TABLE site ADD COLUMN x5 integer GENERATED ALWAYS AS (beidou_x5(ST_X(geom))) STORED;
ALTER TABLE site ADD COLUMN y5 integer GENERATED ALWAYS AS (beidou_y5(ST_Y(geom))) STORED;
ALTER TABLE site_history ADD COLUMN x5 integer;
ALTER TABLE site_history ADD COLUMN y5 integer;
CREATE INDEX site_cell ON site (x5, y5);

CREATE FUNCTION site_version() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format($sql$
        INSERT INTO cell_version_delta (x4, y4, token)
        SELECT x4, y4, floor(random() * 9007199254740992)
        FROM (SELECT DISTINCT coarser(x5, 15) AS x4, coarser(y5, 15) AS y4 FROM (%s) AS change WHERE x5 IS NOT NULL) AS cell$sql$,
        CASE TG_OP WHEN 'INSERT' THEN 'SELECT x5, y5 FROM come' WHEN 'DELETE' THEN 'SELECT x5, y5 FROM gone'
             ELSE 'SELECT x5, y5 FROM come UNION SELECT x5, y5 FROM gone' END);
    RETURN NULL;
END $$;
CREATE TRIGGER version_insert AFTER INSERT ON site
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION site_version();
CREATE TRIGGER version_update AFTER UPDATE ON site
    REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION site_version();
CREATE TRIGGER version_delete AFTER DELETE ON site
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION site_version();

-- A firm is drawn where its sites are.
CREATE FUNCTION enterprise_version() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE $sql$
        INSERT INTO cell_version_delta (x4, y4, token)
        SELECT x4, y4, floor(random() * 9007199254740992)
        FROM (SELECT DISTINCT coarser(x5, 15) AS x4, coarser(y5, 15) AS y4 FROM site
              WHERE enterprise_id IN (SELECT id FROM come) AND x5 IS NOT NULL) AS cell$sql$;
    RETURN NULL;
END $$;
CREATE TRIGGER version_update AFTER UPDATE ON enterprise
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION enterprise_version();
REVOKE ALL ON FUNCTION site_version(), enterprise_version() FROM PUBLIC;
