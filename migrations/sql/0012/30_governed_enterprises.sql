-- Whom an administrator may appoint officers of: name and credit code, which are public (企业信息公示暂行条例 6), of firms that
-- lie inside their area with every place. Nothing else of a firm is seen by who keeps accounts.
CREATE FUNCTION find_governed_enterprises(wanted text, most integer) RETURNS TABLE (id bigint, name text, uscc text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT firm.id, firm.name, firm.uscc FROM enterprise AS firm
    WHERE (position(lower(wanted) IN lower(firm.name)) > 0 OR starts_with(firm.uscc, upper(wanted)) OR firm.id::text = wanted
           OR wanted ~ '^[A-Za-z]{2,}$' AND position(lower(wanted) IN lower(firm.initials)) > 0)
      AND firm.scope_paths <@ ANY ((SELECT viewer_governs())::ltree[])
      AND governs_enterprise(firm.id)
    ORDER BY firm.id::text = wanted DESC, char_length(firm.name), firm.id
    LIMIT most
$$;

DO $$
BEGIN
    REVOKE ALL ON FUNCTION find_governed_enterprises(text, integer) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION find_governed_enterprises(text, integer) TO %I',
                   current_setting('riskmap.app_role'));
END $$;
