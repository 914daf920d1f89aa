"""One box that finds (搜索): enterprises, risk points, territories, BeiDou cells, positions. No tables of its own."""
