/** A field of a draft as a person reads it, for holding two versions side by side. */
import type { Bilingual } from '../api/wire.ts'
import type { TextKey } from '../i18n/zh.ts'
import type { Choice, Choices } from './choices.ts'
import type { FirmDifference } from './firm.ts'
import type { Compared, Geometry, PointDraft, PositionDraft } from './form.ts'

export interface Words {
  choices: Choices
  t: (key: TextKey) => string
  pick: (text: Bilingual | null | undefined) => string
}

function named(codes: readonly string[], list: readonly Choice[], pick: Words['pick']): string {
  return codes.map((code) => pick(list.find((one) => one.code === code)?.name) || code).join('、')
}

export function shownField(draft: PointDraft, key: Compared, words: Words): string {
  const { choices, pick } = words
  switch (key) {
    case 'enterprise':
      return draft.enterprise?.name ?? ''
    case 'site_id':
      return draft.site_id === null ? '' : String(draft.site_id)
    case 'territory':
    case 'managed_by':
      return draft[key] === '' ? '' : named([draft[key]], choices.territories, pick)
    case 'control_level':
      return draft.control_level === '' ? '' : named([draft.control_level], choices.levels, pick)
    case 'industries':
      return named(draft.industries, choices.industries, pick)
    case 'position':
      return shownPosition(draft.position, words)
    case 'events':
      return draft.events
        .map((event) => [event.name, ...event.measures.map((measure) => `· ${measure.text}`)].join('\n'))
        .join('\n')
    default:
      return draft[key]
  }
}

function shownShape(geometry: Geometry, { t }: Words): string {
  return t(`register.shape.${geometry.type}`)
}

function shownPosition({ follow_site, geometry, lon, lat, datum }: PositionDraft, words: Words): string {
  if (follow_site || (!geometry && lon === '' && lat === '')) return ''
  return geometry ? `${shownShape(geometry, words)} · ${datum}` : `${lon}, ${lat} · ${datum}`
}

/** A field of an enterprise or of a site. */
export function shownValue(field: FirmDifference['field'], value: FirmDifference['mine'], words: Words): string {
  if (value === null) return ''
  if (Array.isArray(value)) return named(value, words.choices.industries, words.pick)
  if (typeof value !== 'string') return 'lon' in value ? shownPosition(value, words) : shownShape(value, words)
  return field === 'territory' && value !== '' ? named([value], words.choices.territories, words.pick) : value
}
