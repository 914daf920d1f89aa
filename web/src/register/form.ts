/** A risk point as a person edits it, as pure values: what it begins with, what is sent of it, how two versions meet. */
import type { AssessmentIn, EventFields, OwnerName, PointChange, PointFields, PointIn } from '../api/wire.ts'
import { isSame, moverOf, type Mover } from './same.ts'

export const DATUMS = ['WGS84', 'CGCS2000', 'GCJ02', 'BD09'] as const
export type Datum = (typeof DATUMS)[number]
type PositionIn = NonNullable<PointIn['position']>
export type Geometry = NonNullable<PositionIn['geometry']>

export interface MeasureDraft {
  kind: string
  text: string
  control_level: string
  unit: string
  person: string
}

export interface EventDraft {
  id: number | null
  name: string
  accident_edition: string | null
  accident_categories: string[]
  consequence: string
  measures: MeasureDraft[]
}

/** lon, lat: as typed or as clicked, in `datum`; a line or an area stands in `geometry` and leaves them empty. */
export interface PositionDraft {
  follow_site: boolean
  lon: string
  lat: string
  datum: Datum | ''
  geometry: Geometry | null
}

export interface GradingDraft {
  isWanted: boolean
  basis: 'assessed' | 'inherent'
  method: string
  inputs: Record<string, string>
  rules: { code: string; facts: Record<string, string> }[]
  grade: string
  override_reason: string
  assessor: string
  assessed_on: string
  next_review: string
}

export interface PointDraft {
  enterprise: OwnerName | null
  site_id: number | null
  number: string
  name: string
  place: string
  /** Key of the territory that is stated; empty where the position decides. */
  territory: string
  industries: string[]
  control_level: string
  exposed_workers: string
  managed_by: string
  managed_reason: string
  position: PositionDraft
  events: EventDraft[]
  grading: GradingDraft
}

export const COMPARED = [
  'enterprise',
  'site_id',
  'number',
  'name',
  'place',
  'territory',
  'industries',
  'control_level',
  'exposed_workers',
  'managed_by',
  'managed_reason',
  'position',
  'events',
] as const
export type Compared = (typeof COMPARED)[number]

export function emptyMeasure(): MeasureDraft {
  return { kind: '', text: '', control_level: '', unit: '', person: '' }
}

export function emptyEvent(): EventDraft {
  return { id: null, name: '', accident_edition: null, accident_categories: [], consequence: '', measures: [emptyMeasure()] }
}

export function emptyGrading(today: string): GradingDraft {
  return {
    isWanted: false, basis: 'assessed', method: '', inputs: {}, rules: [], grade: '', override_reason: '', assessor: '',
    assessed_on: today, next_review: '',
  } // prettier-ignore
}

export function emptyDraft(today: string): PointDraft {
  return {
    enterprise: null, site_id: null, number: '', name: '', place: '', territory: '', industries: [], control_level: '',
    exposed_workers: '', managed_by: '', managed_reason: '',
    position: { follow_site: true, lon: '', lat: '', datum: '', geometry: null },
    events: [],
    grading: emptyGrading(today),
  } // prettier-ignore
}

function positionOf({ kind, geometry, datum, x, y }: PointFields['position']): PositionDraft {
  if (kind !== 'own') return { follow_site: true, lon: '', lat: '', datum: '', geometry: null }
  if (y !== null) return { follow_site: false, lon: x ?? '', lat: y, datum: (datum ?? '') as Datum | '', geometry: null }
  // A shape comes in CGCS2000, whatever it was given in; sent back unchanged it is no change.
  return { follow_site: false, lon: '', lat: '', datum: 'CGCS2000', geometry: geometry as Geometry | null }
}

function eventOf(event: EventFields): EventDraft {
  return {
    ...event,
    measures: event.measures.map((one) => ({ ...one, kind: one.kind ?? '', control_level: one.control_level ?? '' })),
  }
}

export function draftOf(fields: PointFields, today: string): PointDraft {
  const before = fields.assessments.assessed
  const { number, name, place, enterprise, site_id } = fields
  return {
    number, name, place, enterprise, site_id,
    territory: fields.territory_stated ? fields.territory.key : '',
    industries: fields.industries ?? [],
    control_level: fields.control_level ?? '',
    exposed_workers: fields.exposed_workers === null ? '' : String(fields.exposed_workers),
    managed_by: fields.managed_reason === null ? '' : fields.managed_by.key,
    managed_reason: fields.managed_reason ?? '',
    position: positionOf(fields.position),
    events: fields.events.map(eventOf),
    // The next grading begins where the last one ended: often one axis has changed.
    grading: {
      ...emptyGrading(today),
      method: before && Object.keys(before.inputs).length > 0 ? before.method : '',
      inputs: before && before.method !== 'stated' ? { ...before.inputs } : {},
      assessor: before?.assessor ?? '',
    },
  } // prettier-ignore
}

export function positionBody({ follow_site, lon, lat, datum, geometry }: PositionDraft): PositionIn {
  if (follow_site) return { follow_site: true }
  const stated = datum === '' ? {} : { datum }
  return geometry ? { follow_site: false, geometry, ...stated } : { follow_site: false, lon, lat, ...stated }
}

export function gradingBody(grading: GradingDraft): AssessmentIn {
  const { basis, method, grade, override_reason, assessor, assessed_on, next_review } = grading
  return {
    basis, method, grade, override_reason, assessor, assessed_on, next_review,
    inputs: method === '' ? {} : grading.inputs,
    direct_rules: grading.rules,
  } // prettier-ignore
}

export function createBody(draft: PointDraft): PointIn {
  const { number, name, place, territory, control_level, exposed_workers, managed_by, managed_reason } = draft
  return {
    enterprise_id: draft.enterprise?.id ?? null,
    site_id: draft.site_id,
    number, name, place, territory, control_level, exposed_workers, managed_by, managed_reason,
    industries: draft.industries,
    position: positionBody(draft.position),
    events: draft.events,
    assessments: draft.grading.isWanted ? [gradingBody(draft.grading)] : [],
  } // prettier-ignore
}

const TEXTS = ['number', 'name', 'place', 'control_level', 'exposed_workers', 'managed_by', 'managed_reason'] as const

/** Only what differs from what was opened; null where nothing does. */
export function changeBody(base: PointDraft, draft: PointDraft): PointChange | null {
  const body: PointChange = { assessments: draft.grading.isWanted ? [gradingBody(draft.grading)] : [] }
  for (const key of TEXTS) if (draft[key] !== base[key]) body[key] = draft[key]
  // A manager is named together with the reason for it.
  if (body.managed_reason !== undefined && draft.managed_by !== '') body.managed_by = draft.managed_by
  if (body.managed_by === '') delete body.managed_reason
  if (!isSame(draft.industries, base.industries)) body.industries = draft.industries
  if (draft.enterprise?.id !== base.enterprise?.id) body.enterprise_id = draft.enterprise?.id ?? null
  if (draft.site_id !== null && (draft.site_id !== base.site_id || body.enterprise_id)) body.site_id = draft.site_id
  if (!isSame(draft.events, base.events)) body.events = draft.events
  if (!isSame(draft.position, base.position)) body.position = positionBody(draft.position)
  if (draft.territory !== base.territory) {
    if (draft.territory !== '') body.territory = draft.territory
    else body.position = { ...positionBody(draft.position), territory: null }
  }
  return Object.keys(body).length === 1 && body.assessments.length === 0 ? null : body
}

export interface Difference {
  key: Compared
  by: Mover
}

/** Where two versions differ, and who moved away from what was opened. */
export function differencesOf(base: PointDraft, mine: PointDraft, theirs: PointDraft): Difference[] {
  const differing = COMPARED.filter((key) => !isSame(mine[key], theirs[key]))
  return differing.map((key) => ({ key, by: moverOf(base[key], mine[key], theirs[key]) }))
}

/** My draft with the fields taken over that are not to stay mine. */
export function merged(mine: PointDraft, theirs: PointDraft, kept: ReadonlySet<Compared>): PointDraft {
  const taken = COMPARED.filter((key) => !kept.has(key)).map((key) => [key, theirs[key]] as const)
  return { ...mine, ...Object.fromEntries(taken) }
}
