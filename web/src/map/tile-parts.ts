/** A tile put together from its layers, with no more requests than it takes. */
import type { TileAddress } from './geography.ts'
import { emptyTile, type DecodedTile, type LayerName } from './tile-decode.ts'
import type { Source } from './tile-sources.ts'
import { tilePath, type TileStore } from './tile-store.ts'

/** What has arrived, by source: a new filter fetches only the layers it concerns. */
export type Parts = ReadonlyMap<string, DecodedTile>

function keyOf([layer, query]: Source): string {
  return `${layer}?${query}`
}

/** Sources that are asked for in one way are asked for together: browsers open six connections to a service, not more. */
function together(sources: readonly Source[]): Source[][] {
  const groups = new Map<string, Source[]>()
  for (const source of sources) groups.set(source[1], [...(groups.get(source[1]) ?? []), source])
  return [...groups.values()]
}

/** The parts of a tile, those known already among them, and why others did not arrive (AbortError when aborted). */
export async function loadParts(
  store: TileStore,
  address: TileAddress,
  sources: readonly Source[],
  options: { known: Parts; signal: AbortSignal },
): Promise<{ parts: Parts; failures: unknown[] }> {
  const parts = new Map<string, DecodedTile>()
  const failures: unknown[] = []
  for (const source of sources) {
    const part = options.known.get(keyOf(source))
    if (part) parts.set(keyOf(source), part)
  }
  const missing = sources.filter((source) => !parts.has(keyOf(source)))
  await Promise.all(
    together(missing).map(async (group) => {
      const path = tilePath(group.map(([layer]) => layer), address, group[0]?.[1] ?? '')
      try {
        const tile = await store.load(path, address, options.signal)
        for (const source of group) parts.set(keyOf(source), tile)
      } catch (error) {
        failures.push(error)
      }
    }),
  )
  return { parts, failures }
}

/** The layers wished for and nothing else; lists stay the lists of the parts, by which a picture of them is known. */
export function tileOf(address: TileAddress, sources: readonly Source[], parts: Parts): DecodedTile {
  const tile = emptyTile(address)
  const part = (layer: LayerName): DecodedTile | undefined => {
    const source = sources.find(([name]) => name === layer)
    return source && parts.get(keyOf(source))
  }
  tile.territories = part('territories')?.territories ?? tile.territories
  tile.cells = part('cells')?.cells ?? tile.cells
  const [points, sites] = [part('risk_points'), part('enterprises')]
  tile.points = points?.points ?? tile.points
  tile.enterprises = sites?.enterprises ?? tile.enterprises
  // Only these two are ever cut.
  const cuts = [points?.cutAt, sites?.cutAt].filter((cut) => typeof cut === 'number')
  tile.cutAt = cuts.length > 0 ? Math.min(...cuts) : null
  return tile
}
