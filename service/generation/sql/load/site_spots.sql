-- The positions of sites, to be given their homes.
INSERT INTO made_spot (spot, geom) SELECT id, spot FROM made_site
