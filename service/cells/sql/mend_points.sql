-- Gives every point that differs what its sources say. The trigger that settles a point is off meanwhile: it would keep
-- what it believes to be settled. History is kept, and rows below the point follow.
WITH /* include cells/wanted */, /* include cells/different */
UPDATE risk_point AS point SET
    anchor = wanted.anchor,
    position = CASE WHEN point.geom IS NOT NULL THEN 'own' WHEN wanted.anchor IS NOT NULL THEN 'inherited' ELSE 'none' END,
    located_in_id = wanted.located_in_id, located_in_path = wanted.located_in_path,
    managed_by_id = wanted.managed_by_id, managed_by_path = wanted.managed_by_path,
    industries = wanted.industries,
    industry_scopes = industry_scopes_of(wanted.industries, wanted.located_in_path, wanted.managed_by_path),
    grade_inherent = wanted.grade_inherent, grade_assessed = wanted.grade_assessed, grade_current = wanted.grade_current,
    assessed_on = wanted.assessed_on, next_review = wanted.next_review,
    search = wanted.search,
    version = point.version + 1, changed_by = 'grid rebuild', recorded_from = recorded_after(point.recorded_from)
FROM wanted
WHERE wanted.id = point.id AND point.id IN (SELECT id FROM different)
