-- What programs are told of a firm, but for its sites.
firm.name, firm.uscc, firm.industries, firm.economy_code, firm.employees,
(SELECT named.key FROM territory AS named WHERE named.id = firm.home_territory_id) AS territory,
(SELECT named.name FROM territory AS named WHERE named.id = firm.home_territory_id) AS territory_name
