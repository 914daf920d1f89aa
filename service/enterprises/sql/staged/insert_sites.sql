-- Registers the staged sites that are new and tells the staging their ids.
WITH added AS (
    INSERT INTO site (enterprise_id, number, name, address, geom, source_datum, source_x, source_y, located_in_id,
        located_stated, managed_by_id, managed_reason, demo)
    SELECT firm.id, staged.number, staged.name, staged.address, staged.geom, staged.source_datum, staged.source_x,
        staged.source_y, staged.located_in_id, staged.located_stated, staged.managed_by_id, staged.managed_reason,
        staged.demo
    FROM staged_site AS staged JOIN staged_enterprise AS firm USING (firm)
    WHERE staged.id IS NULL ORDER BY staged.firm, staged.number
    RETURNING id, enterprise_id, number
)
UPDATE staged_site AS staged SET id = added.id
FROM added JOIN staged_enterprise AS firm ON firm.id = added.enterprise_id
WHERE staged.id IS NULL AND staged.firm = firm.firm AND staged.number = added.number
