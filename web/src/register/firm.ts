/** An enterprise and a site as a person edits them, as pure values. */
import type { EnterpriseFields, SiteFields } from '../api/wire.ts'
import type { Datum, Geometry, PositionDraft } from './form.ts'
import { isSame, positionBody } from './form.ts'

export interface FirmDraft {
  uscc: string
  name: string
  industries: string[]
  economy_code: string
  employees: string
}

export interface SiteDraft {
  name: string
  address: string
  /** Key of the territory that is stated; empty where the position decides. */
  territory: string
  position: PositionDraft
  area: Geometry | null
  contact: string
  phone: string
}

export function firmOf(fields: EnterpriseFields | null): FirmDraft {
  return {
    uscc: fields?.uscc ?? '',
    name: fields?.name ?? '',
    industries: fields?.industries ?? [],
    economy_code: fields?.economy_code ?? '',
    employees: fields?.employees === null || fields === null ? '' : String(fields.employees),
  }
}

export function siteOf(fields: SiteFields | null): SiteDraft {
  const datum = (fields?.datum ?? '') as Datum | ''
  return {
    name: fields?.name ?? '',
    address: fields?.address ?? '',
    territory: fields?.territory_stated ? fields.territory.key : '',
    position: { follow_site: false, lon: fields?.x ?? '', lat: fields?.y ?? '', datum, geometry: null },
    area: (fields?.area ?? null) as Geometry | null,
    contact: fields?.contact ?? '',
    phone: fields?.phone ?? '',
  }
}

/** The fields of a site that differ from what was opened; drawn areas are in CGCS2000. */
export function siteBody(base: SiteDraft, draft: SiteDraft): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const key of ['name', 'address', 'contact', 'phone'] as const) if (draft[key] !== base[key]) body[key] = draft[key]
  if (draft.territory !== base.territory && draft.territory !== '') body.territory = draft.territory
  if (!isSame(draft.position, base.position)) {
    const isEmpty = draft.position.lon === '' && draft.position.lat === ''
    body.position = isEmpty ? null : positionBody(draft.position)
  }
  if (!isSame(draft.area, base.area)) body.area = draft.area === null ? null : { geometry: draft.area, datum: 'CGCS2000' }
  return body
}

/** The fields of an enterprise that differ from what was opened. */
export function firmBody(base: FirmDraft, draft: FirmDraft): Record<string, unknown> {
  const keys = Object.keys(draft) as (keyof FirmDraft)[]
  return Object.fromEntries(keys.filter((key) => !isSame(draft[key], base[key])).map((key) => [key, draft[key]]))
}
