/** Whether two drafts, or parts of them, say the same. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** Who moved away from what was opened. */
export type Mover = 'mine' | 'theirs' | 'both'

export function moverOf(base: unknown, mine: unknown, theirs: unknown): Mover {
  const isTheirs = !isSame(theirs, base)
  return isSame(mine, base) ? 'theirs' : isTheirs ? 'both' : 'mine'
}
