/** What travels between the service and the page. Replaced by types.gen.ts once OpenAPI is generated. */

export type Grade = 'major' | 'large' | 'general' | 'low' | 'unassessed'
export type Basis = 'assessed' | 'inherent' | 'current'
export type View = 'located' | 'managed'
export type Datum = 'CGCS2000' | 'WGS84' | 'GCJ02' | 'BD09'
/** West, south, east, north in degrees, CGCS2000. */
export type Bounds = [number, number, number, number]
/** Longitude, latitude in degrees, CGCS2000. */
export type LonLat = [number, number]

export interface Bilingual {
  zh: string
  en: string
}

export interface Counts {
  major: number
  large: number
  general: number
  low: number
  unassessed: number
  total: number
}

export interface Named {
  key: string
  name: string
}

export interface Territory extends Named {
  code: string | null
  level: string
  bounds: Bounds | null
}

export interface Session {
  viewer: { name: string; territories: (Named & { code: string | null })[] }
  territory: Territory
  ancestors: Named[]
  demo: boolean
  version: string
  official_basis: Basis
  boundary_note: Bilingual | null
  as_of: string
}

export interface Freshness {
  last_recorded_at: string | null
  overdue: number
}

export interface RiskPointRow {
  id: number
  number: string
  name: string
  grade: Grade
  enterprise: { id: number; name: string } | null
  position: 'own' | 'inherited' | 'none'
  anchor: LonLat | null
  territory: Named
  demo: boolean
  assessed_on: string | null
  next_review: string | null
  overdue: boolean
}

export type ReasonItem =
  | { rule: 'inputs'; axes: { axis: string; title: Bilingual; value: string; text: Bilingual | null }[] }
  | { rule: 'combine'; expression: string; score: string }
  | {
      rule: 'band'
      grade: Grade
      low: string | null
      low_closed: boolean
      high: string | null
      high_closed: boolean
      text: string
    }
  | { rule: 'direct'; code: string; text: Bilingual; clause: string | null }
  | { rule: 'override'; from: Grade; to: Grade; reason: string; person: string }

export interface Verdict {
  basis: Basis
  grade: Grade
  method: { id: string; version: string; title: Bilingual } | null
  score: string | null
  reasons: ReasonItem[]
  assessor: string | null
  assessed_on: string | null
  next_review: string | null
  override: { from: Grade; to: Grade; reason: string; person: string } | null
}

export interface Reason {
  grade: Grade
  risk_point: RiskPointRow
  verdict: Verdict | null
}

export interface TerritorySummary {
  territory: Territory
  basis: Basis
  view: View
  counts: Counts
  grade: Grade | null
  positions: { own: number; inherited: number; none: number }
  children: (Named & { code: string | null; level: string; label: LonLat | null; counts: Counts; grade: Grade | null })[]
  /** What stands at the territory itself, at none of its children. */
  elsewhere?: Counts
  reasons: Reason[]
  reasons_total: number
  freshness: Freshness
}

export type CrossingRow = RiskPointRow & { counted_in: string | null }

export interface CellSummary {
  code: string
  level: number
  bounds: Bounds
  basis: Basis
  view: View
  counts: Counts
  grade: Grade | null
  crossing: { count: number; grade: Grade | null; items: CrossingRow[] }
  reasons: Reason[]
  reasons_total: number
  points: { items: RiskPointRow[]; next: string | null }
  freshness: Freshness
}

export interface Measure {
  kind: string | null
  text: string
  control_level: string | null
  unit: string | null
  person: string | null
}

export interface RiskEvent {
  id: number
  name: string
  accident_categories: { code: string; name: string; edition: string }[]
  consequence: string | null
  measures: Measure[]
}

export interface AggravationMark {
  source: string
  grade: Grade
  count: number
}

export interface RiskPoint extends RiskPointRow {
  geometry: { type: string } | null
  /** Where within the site, in the register's words. */
  place: string
  site: { id: number; number: string; name: string; address: string } | null
  source: { datum: Datum | null; x: string | null; y: string | null }
  managed_by: Named & { reason: string | null }
  industries: { code: string; name: string }[]
  verdicts: { inherent: Verdict | null; assessed: Verdict | null }
  current: { grade: Grade; aggravations: AggravationMark[] }
  events: RiskEvent[]
  recorded_from: string
}

export type ImportState = 'needs_kind' | 'needs_datum' | 'needs_mapping' | 'previewed' | 'committed' | 'cancelled'
export type ImportKind = 'enterprises' | 'risk_points'

export interface ImportField {
  key: string
  title: Bilingual
  required: boolean
}

export interface ImportColumn {
  index: number
  heading: string
  samples: string[]
  field: string | null
}

export interface ImportProblem {
  sheet: string
  row: number
  column: string | null
  value: string | null
  severity: 'error' | 'warning'
  code: string
  message: Bilingual
}

export interface ImportChange {
  row: number
  number: string
  name: string
  differences: { field: string; title: Bilingual; old: string | null; new: string | null }[]
}

export interface ImportPreview {
  digest: string
  rows: number
  good: number
  bad: number
  new: number
  changed: number
  unchanged: number
  warnings: number
}

export interface Import {
  id: string
  filename: string
  sha256: string
  state: ImportState
  kind: ImportKind | null
  datum: Datum | null
  sheet: string | null
  sheets: string[]
  columns: ImportColumn[]
  fields: ImportField[]
  preview: ImportPreview | null
  problems: ImportProblem[]
  problems_total: number
  /** All problems by kind, also those that are not listed. */
  problem_counts: { code: string; severity: 'error' | 'warning'; count: number }[]
  changes: ImportChange[]
  changes_total: number
  uploaded_at: string
  committed_at: string | null
}

export interface Refusal {
  error: string
  message: string
  message_en?: string
  details?: Record<string, unknown>
}
