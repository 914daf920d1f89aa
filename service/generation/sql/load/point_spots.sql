-- The positions of points that have one of their own, to be given their homes.
INSERT INTO made_spot (spot, geom) SELECT point, spot FROM made_draft WHERE spot IS NOT NULL
