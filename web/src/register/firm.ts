/** An enterprise with its sites as a person edits it, as pure values: what is sent of it, how two versions meet. */
import type { EnterpriseEdit, EnterpriseFields, EnterpriseIn, SiteFields, SiteIn } from '../api/wire.ts'
import type { Datum, Geometry, PositionDraft } from './form.ts'
import { positionBody } from './form.ts'
import { isSame, moverOf, type Mover } from './same.ts'

export interface SiteDraft {
  /** null: not registered yet. */
  id: number | null
  number: string
  name: string
  address: string
  /** Key of the territory that is stated; empty where the position decides. */
  territory: string
  position: PositionDraft
  area: Geometry | null
  contact: string
  phone: string
}

export interface FirmDraft {
  uscc: string
  name: string
  industries: string[]
  economy_code: string
  employees: string
  sites: SiteDraft[]
}

const FIRM_FIELDS = ['name', 'uscc', 'industries', 'economy_code', 'employees'] as const
const SITE_FIELDS = ['name', 'address', 'territory', 'position', 'area', 'contact', 'phone'] as const
export type FirmField = (typeof FIRM_FIELDS)[number]
export type SiteField = (typeof SITE_FIELDS)[number]
/** A field of the enterprise, or of one of its registered sites by the site's id. */
export type FirmKey = FirmField | `${number}.${SiteField}`

export function siteOf(fields: SiteFields | null): SiteDraft {
  const datum = (fields?.datum ?? '') as Datum | ''
  return {
    id: fields?.id ?? null,
    number: fields?.number ?? '',
    name: fields?.name ?? '',
    address: fields?.address ?? '',
    territory: fields?.territory_stated ? fields.territory.key : '',
    position: { follow_site: false, lon: fields?.x ?? '', lat: fields?.y ?? '', datum, geometry: null },
    area: (fields?.area ?? null) as Geometry | null,
    contact: fields?.contact ?? '',
    phone: fields?.phone ?? '',
  }
}

export function firmOf(fields: EnterpriseFields | null): FirmDraft {
  return {
    uscc: fields?.uscc ?? '',
    name: fields?.name ?? '',
    industries: fields?.industries ?? [],
    economy_code: fields?.economy_code ?? '',
    employees: fields?.employees === null || fields === null ? '' : String(fields.employees),
    sites: fields ? fields.sites.map(siteOf) : [siteOf(null)],
  }
}

/** The fields of a site that differ from what was opened; drawn areas are in CGCS2000. */
function siteBody(base: SiteDraft, draft: SiteDraft): SiteIn {
  const body: SiteIn = {}
  for (const key of ['name', 'address', 'territory', 'contact', 'phone'] as const) if (draft[key] !== base[key]) body[key] = draft[key]
  if (!isSame(draft.position, base.position)) {
    const isEmpty = draft.position.lon === '' && draft.position.lat === ''
    body.position = isEmpty ? null : positionBody(draft.position)
  }
  if (!isSame(draft.area, base.area)) body.area = draft.area === null ? null : { geometry: draft.area, datum: 'CGCS2000' }
  return body
}

export function createBody({ sites, ...firm }: FirmDraft): EnterpriseIn {
  return { ...firm, sites: sites.map((site) => siteBody(siteOf(null), site)) }
}

/** Only what differs from what was opened; every site that was seen with its version, where one of them differs. */
export function changeBody(fields: EnterpriseFields, base: FirmDraft, draft: FirmDraft): EnterpriseEdit {
  const changed = FIRM_FIELDS.filter((key) => !isSame(draft[key], base[key]))
  const body: EnterpriseEdit = Object.fromEntries(changed.map((key) => [key, draft[key]]))
  if (isSame(draft.sites, base.sites)) return body
  const sites = draft.sites.map((site) => {
    const opened = base.sites.find(({ id }) => id !== null && id === site.id)
    const version = fields.sites.find(({ id }) => id === site.id)?.version
    return { ...(site.id === null ? {} : { id: site.id, version: version ?? null }), ...siteBody(opened ?? siteOf(null), site) }
  })
  return { ...body, sites }
}

export interface FirmDifference {
  key: FirmKey
  field: FirmField | SiteField
  /** Its registered site, where it is one's. */
  site: SiteDraft | null
  by: Mover
  mine: FirmDraft[FirmField] | SiteDraft[SiteField]
  theirs: FirmDraft[FirmField] | SiteDraft[SiteField]
}

/** Where two versions differ, and who moved away from what was opened. Sites that only one of them has are not compared. */
export function differencesOf(base: FirmDraft, mine: FirmDraft, theirs: FirmDraft): FirmDifference[] {
  const ofFirm = FIRM_FIELDS.map((field) => ({
    key: field, field, site: null, by: moverOf(base[field], mine[field], theirs[field]), mine: mine[field], theirs: theirs[field],
  })) // prettier-ignore
  const ofSites = theirs.sites.flatMap((their) => {
    const my = mine.sites.find(({ id }) => id === their.id)
    const opened = base.sites.find(({ id }) => id === their.id)
    if (!my || !opened) return []
    return SITE_FIELDS.map((field) => ({
      key: `${their.id ?? 0}.${field}` as const, field, site: their, by: moverOf(opened[field], my[field], their[field]), mine: my[field], theirs: their[field],
    })) // prettier-ignore
  })
  return [...ofFirm, ...ofSites].filter((one) => !isSame(one.mine, one.theirs))
}

/** Sites that somebody has added since. */
export function addedSites(mine: FirmDraft, theirs: FirmDraft): SiteDraft[] {
  return theirs.sites.filter((their) => !mine.sites.some(({ id }) => id === their.id))
}

function mergedFields<T extends object, K extends keyof T>(mine: T, theirs: T, keys: readonly K[], stays: (key: K) => boolean): T {
  const taken = keys.filter((key) => !stays(key)).map((key) => [key, theirs[key]] as const)
  return { ...mine, ...Object.fromEntries(taken) }
}

/** My draft with theirs taken over wherever mine is not to stay; my new sites follow theirs. */
export function merged(mine: FirmDraft, theirs: FirmDraft, mineStays: ReadonlySet<FirmKey>): FirmDraft {
  const standing = theirs.sites.map((their) => {
    const my = mine.sites.find(({ id }) => id === their.id)
    return my ? mergedFields(my, their, SITE_FIELDS, (key) => mineStays.has(`${their.id ?? 0}.${key}`)) : their
  })
  const news = mine.sites.filter(({ id }) => id === null)
  return { ...mergedFields(mine, theirs, FIRM_FIELDS, (key) => mineStays.has(key)), sites: [...standing, ...news] }
}
