-- The places that a viewer sees anything of.
        SELECT unnest(viewer_areas()) AS path
        UNION ALL SELECT subpath(pair, 1) FROM unnest(viewer_pairs()) AS pair
        UNION ALL SELECT unnest(viewer_governs())
        UNION ALL SELECT unnest(viewer_audits())
        UNION ALL SELECT unnest(scope_paths) FROM enterprise WHERE id = ANY ((SELECT viewer_enterprises())::bigint[])
