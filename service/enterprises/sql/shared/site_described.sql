-- What programs are told of a site.
site.id, COALESCE(site.area, site.geom) AS shape,
site.enterprise_id,
(SELECT named.name FROM enterprise AS named WHERE named.id = site.enterprise_id) AS enterprise,
(SELECT named.uscc FROM enterprise AS named WHERE named.id = site.enterprise_id) AS uscc,
site.number, site.name, site.address,
(SELECT named.key FROM territory AS named WHERE named.id = site.located_in_id) AS territory,
(SELECT named.name FROM territory AS named WHERE named.id = site.located_in_id) AS territory_name,
(SELECT named.key FROM territory AS named WHERE named.id = site.managed_by_id) AS managed_by,
(SELECT named.name FROM territory AS named WHERE named.id = site.managed_by_id) AS managed_by_name,
site.demo, site.version, site.recorded_from
