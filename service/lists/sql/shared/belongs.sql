-- Whether an enterprise as such belongs to a selection: by its territory, industries, words. What a filter asks of points
-- (grade, accident category, control level, position, review) says nothing of the enterprise itself.
(
    (%(area)s::ltree IS NULL OR EXISTS (
        SELECT FROM territory WHERE territory.id = enterprise.home_territory_id AND territory.path <@ %(area)s::ltree
        UNION ALL
        SELECT FROM site WHERE site.enterprise_id = enterprise.id
            AND CASE %(view)s::text WHEN 'managed' THEN site.managed_by_path ELSE site.located_in_path END <@ %(area)s::ltree))
    AND (%(managing)s::ltree IS NULL OR EXISTS (
        SELECT FROM site WHERE site.enterprise_id = enterprise.id AND site.managed_by_path <@ %(managing)s::ltree))
    AND (%(industries)s::text[] IS NULL OR enterprise.industries && %(industries)s::text[])
    AND (%(enterprise)s::bigint IS NULL OR enterprise.id = %(enterprise)s::bigint)
    AND (%(words)s::text[] IS NULL OR enterprise.search LIKE ALL (%(words)s::text[]))
)
