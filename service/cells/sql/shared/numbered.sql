-- A cell's number, the same as in the tiles.
    (counted.x + 200000)::bigint * 400000 + counted.y + 200000
