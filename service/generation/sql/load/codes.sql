-- Codes in place of the catalogue's names: industries, and accidents and measures by the edition in force. And what a
-- point is found by, once for a kind: it is normalised part by part as it is whole.
UPDATE given_kind SET
    industries = ARRAY(SELECT code FROM unnest(industries) WITH ORDINALITY AS named (name, place)
        JOIN code_entry ON name_zh = name AND list_id = 'regulatory_industry' AND valid_to IS NULL ORDER BY place),
    accidents = ARRAY(SELECT code FROM unnest(accidents) WITH ORDINALITY AS named (name, place)
        JOIN code_entry ON name_zh = name AND list_id = 'accident_category' AND edition = %(accidents)s ORDER BY place),
    measure_kinds = ARRAY(SELECT code FROM unnest(measure_kinds) WITH ORDINALITY AS named (name, place)
        LEFT JOIN code_entry ON name_zh = name AND list_id = 'measure_kind' AND edition = %(measures)s ORDER BY place),
    name_words = words_of(name), place_words = words_of(place)
