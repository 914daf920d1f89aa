-- What is shown of a row: no search words, no digests, of a telephone its last two digits, and of who answers for a measure
-- the first character.
CREATE OR REPLACE FUNCTION audit_view(stored jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT (stored - ARRAY['search', 'industry_scopes', 'scope_paths', 'key_digest', 'password_hash', 'x5', 'y5', 'accidents',
                        'initials'])
        || CASE WHEN stored ->> 'phone' IS NULL THEN '{}' ELSE jsonb_build_object('phone', '…' || right(stored ->> 'phone', 2)) END
        || CASE WHEN stored ? 'enterprise_id' AND stored ? 'phone' AND stored ->> 'name' IS NOT NULL
                THEN jsonb_build_object('name', left(stored ->> 'name', 1) || '…') ELSE '{}' END
        || CASE WHEN stored ? 'risk_event_id' AND stored ->> 'person' IS NOT NULL
                THEN jsonb_build_object('person', left(stored ->> 'person', 1) || '…') ELSE '{}' END
$$;
