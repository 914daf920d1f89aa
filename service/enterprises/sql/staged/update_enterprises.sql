-- Brings registered enterprises to what is staged; one that says the same already is not touched.
UPDATE enterprise
SET uscc = staged.uscc, name = staged.name, initials = staged.initials, industries = staged.industries,
    economy_code = staged.economy_code, employees = staged.employees, home_territory_id = staged.home_territory_id
FROM staged_enterprise AS staged
WHERE enterprise.id = staged.id
  AND (enterprise.uscc, enterprise.name, enterprise.initials, enterprise.industries, enterprise.economy_code,
       enterprise.employees, enterprise.home_territory_id)
      IS DISTINCT FROM (staged.uscc, staged.name, staged.initials, staged.industries, staged.economy_code,
       staged.employees, staged.home_territory_id)
