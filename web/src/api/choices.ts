/** What can be chosen in each part of the filter, as the service knows it: trees laid out as lines. */
import { requestJson } from './client.ts'
import type { Bilingual, CodeChoice, FilterChoices, TerritoryNode } from './wire.ts'

export interface Choice {
  value: string
  name: Bilingual
  /** Steps below the top of its tree. */
  depth: number
}

export interface Choices {
  /** Statutory territories, each after the one that holds it. */
  territories: Choice[]
  /** Nodes that answer for points, functional zones among them. */
  managing: Choice[]
  industries: Choice[]
  accidents: Choice[]
  controls: Choice[]
}

export function linesOf(codes: readonly CodeChoice[], depth = 0): Choice[] {
  return codes.flatMap((code) => [
    { value: code.code, name: code.name, depth },
    ...linesOf(code.children, depth + 1),
  ])
}

/** Territories have one name, whatever the language of the page. */
export function placesOf(nodes: readonly TerritoryNode[], depth = 0): Choice[] {
  return nodes.flatMap((node) => [
    { value: node.key, name: { zh: node.name, en: node.name }, depth },
    ...placesOf(node.children, depth + 1),
  ])
}

export async function readChoices(signal: AbortSignal): Promise<Choices> {
  const offered = await requestJson<FilterChoices>('/api/filters', { signal })
  return {
    territories: placesOf(offered.territories),
    managing: placesOf(offered.managing),
    industries: linesOf(offered.industries.items),
    accidents: linesOf(offered.accident_categories.items),
    controls: linesOf(offered.control_levels.items),
  }
}
