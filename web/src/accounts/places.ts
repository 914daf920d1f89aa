/** The territories that somebody may name: those that are theirs, with everything below them. */
import type { TerritoryNode } from '../api/wire.ts'

export interface Place {
  key: string
  name: string
  /** Steps below the highest that may be named. */
  depth: number
}

export function placesWithin(nodes: readonly TerritoryNode[], own: ReadonlySet<string>, depth: number | null = null): Place[] {
  return nodes.flatMap((node) => {
    const at = depth ?? (own.has(node.key) ? 0 : null)
    const below = placesWithin(node.children, own, at === null ? null : at + 1)
    return at === null ? below : [{ key: node.key, name: node.name, depth: at }, ...below]
  })
}
