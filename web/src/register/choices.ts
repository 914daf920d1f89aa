/** What the fields of a form choose from: code lists, territories, grading methods; read once for a page. */
import { readCodes, readMethods, readTerritories } from '../api/register.ts'
import type { Bilingual, GradingMethod, ListedCode, TerritoryNode } from '../api/wire.ts'
import { useResource, type Resource } from '../parts/resource.ts'

export interface Choice {
  code: string
  name: Bilingual
  /** Steps below the top of its list. */
  depth: number
}

export interface Choices {
  industries: Choice[]
  accidents: Choice[]
  accidentEdition: string
  kinds: Choice[]
  levels: Choice[]
  territories: Choice[]
  methods: GradingMethod[]
}

function linesOf(entries: readonly ListedCode[]): Choice[] {
  const depths = new Map<string, number>()
  return entries.map(({ code, parent_code, name }) => {
    const depth = parent_code === null ? 0 : (depths.get(parent_code) ?? 0) + 1
    depths.set(code, depth)
    return { code, name, depth }
  })
}

/** Only what lies within the viewer's area can be chosen; what is above it leads there. */
function placesOf(nodes: readonly TerritoryNode[], depth = 0): Choice[] {
  return nodes.flatMap((node) => {
    const isAbove = node.level === 'country' || node.level === 'province'
    const own = isAbove ? [] : [{ code: node.key, name: { zh: node.name, en: node.name }, depth }]
    return [...own, ...placesOf(node.children, isAbove ? depth : depth + 1)]
  })
}

export function useChoices(): Resource<Choices> {
  return useResource(
    () => 'choices',
    async (_key, signal) => {
      const [industries, accidents, kinds, levels, territories, methods] = await Promise.all([
        readCodes('regulatory_industry', signal),
        readCodes('accident_category', signal),
        readCodes('measure_kind', signal),
        readCodes('control_level', signal),
        readTerritories(signal),
        readMethods(signal),
      ])
      return {
        industries: linesOf(industries.entries),
        accidents: linesOf(accidents.entries),
        accidentEdition: accidents.edition,
        kinds: linesOf(kinds.entries),
        levels: linesOf(levels.entries),
        territories: placesOf(territories),
        methods,
      }
    },
  )
}
