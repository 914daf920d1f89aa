-- An upload is kept whole under its hash until a person decides: the commit reads exactly what the preview read.
CREATE TABLE import_upload (
    id uuid PRIMARY KEY,
    person text NOT NULL,
    filename text NOT NULL,
    sha256 text NOT NULL,
    content bytea NOT NULL,
    sheet text,
    kind text CONSTRAINT import_upload_kind_known CHECK (kind IN ('enterprises', 'risk_points')),
    datum text CONSTRAINT import_upload_datum_known CHECK (datum IN ('CGCS2000', 'WGS84', 'GCJ02', 'BD09')),
    mapping jsonb,
    state text NOT NULL CONSTRAINT import_upload_state_known
        CHECK (state IN ('needs_kind', 'needs_datum', 'needs_mapping', 'previewed', 'committed', 'cancelled')),
    result jsonb NOT NULL DEFAULT '{}',
    demo boolean NOT NULL DEFAULT false,
    uploaded_at timestamptz NOT NULL,
    committed_at timestamptz,
    CONSTRAINT import_upload_committed_whole CHECK ((state = 'committed') = (committed_at IS NOT NULL))
);
CREATE INDEX import_upload_person ON import_upload (person, uploaded_at);
