-- Brings registered sites to what is staged.
UPDATE site
SET name = staged.name, address = staged.address, geom = staged.geom, source_datum = staged.source_datum,
    source_x = staged.source_x, source_y = staged.source_y, located_in_id = staged.located_in_id,
    located_stated = staged.located_stated, managed_by_id = staged.managed_by_id,
    managed_reason = staged.managed_reason
FROM staged_site AS staged
WHERE site.id = staged.id
  AND (site.name, site.address, site.source_datum, site.source_x, site.source_y, site.located_in_id,
       site.located_stated, site.managed_by_id, site.managed_reason)
      IS DISTINCT FROM (staged.name, staged.address, staged.source_datum, staged.source_x, staged.source_y,
       staged.located_in_id, staged.located_stated, staged.managed_by_id, staged.managed_reason)
   OR site.id = staged.id AND site.geom IS DISTINCT FROM staged.geom
