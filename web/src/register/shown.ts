/** A field of a draft as a person reads it, for holding two versions side by side. */
import type { Bilingual } from '../api/wire.ts'
import type { Choice, Choices } from './choices.ts'
import type { Compared, PointDraft } from './form.ts'

interface Words {
  choices: Choices
  pick: (text: Bilingual | null | undefined) => string
}

function named(codes: readonly string[], list: readonly Choice[], pick: Words['pick']): string {
  return codes.map((code) => pick(list.find((one) => one.code === code)?.name) || code).join('、')
}

export function shownField(draft: PointDraft, key: Compared, { choices, pick }: Words): string {
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
    case 'position': {
      const { follow_site, geometry, lon, lat, datum } = draft.position
      return follow_site ? '' : geometry ? `${geometry.type} · ${datum}` : `${lon}, ${lat} · ${datum}`
    }
    case 'events':
      return draft.events
        .map((event) => [event.name, ...event.measures.map((measure) => `· ${measure.text}`)].join('\n'))
        .join('\n')
    default:
      return draft[key]
  }
}
