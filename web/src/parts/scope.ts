/** What somebody sees, in names: whole territories, industries of territories, single enterprises. */
import type { Bilingual, Viewer } from '../api/wire.ts'

export function scopeNames(viewer: Viewer, pick: (text: Bilingual) => string): string[] {
  return [
    ...viewer.territories.map((territory) => territory.name),
    ...viewer.industries.map((industry) => `${industry.territory.name} · ${pick(industry.name)}`),
    ...viewer.enterprises.map((enterprise) => enterprise.name),
  ]
}
