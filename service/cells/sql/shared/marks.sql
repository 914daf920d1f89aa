-- What a cell says of the points counted in it.
    (ARRAY['major', 'large', 'general', 'low', 'unassessed'])[counted.rank] AS grade,
    counted.major, counted.large, counted.general, counted.low, counted.unassessed, counted.total, counted.demo
