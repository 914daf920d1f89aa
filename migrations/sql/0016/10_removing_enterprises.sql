-- An enterprise registered by mistake is taken out with its sites; both stay in the history. Foreign keys refuse it while a
-- risk point, a site that the viewer may not write, or an appointment still refers to it.

DO $$
BEGIN
    EXECUTE format('GRANT DELETE ON enterprise, site TO %I', current_setting('riskmap.app_role'));
END $$;
