"""What a register may say, without a database: fields, headings, cells, positions, grades, differences."""
