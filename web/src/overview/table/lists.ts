/** The lists of the table: what each adds to the filter of the page. */
import type { Filter } from '../../api/filter.ts'
import type { Register } from '../../api/lists.ts'
import type { ListName, ListState } from '../url-state.ts'

export const POINT_LISTS = ['points', 'major', 'overdue', 'unlocated'] as const

export function isPointList(name: ListName): boolean {
  return POINT_LISTS.some((each) => each === name)
}

/** What a ready-made list narrows; empty for the list of everything. */
export function narrowing(name: ListName): Partial<Filter> {
  if (name === 'major') return { grades: ['major'] }
  if (name === 'overdue') return { overdue: true }
  if (name === 'unlocated') return { positions: ['inherited', 'none'] }
  return {}
}

/** What both lists allow; an empty list allows everything. Null where they have nothing in common. */
function common<T>(one: readonly T[], other: readonly T[]): readonly T[] | null {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one
  const both = one.filter((each) => other.includes(each))
  return both.length > 0 ? both : null
}

/** What the page's filter and the list have in common; null where that is nothing. */
export function filterOf(filter: Filter, name: ListName): Filter | null {
  const narrow = narrowing(name)
  const grades = common(filter.grades, narrow.grades ?? [])
  const positions = common(filter.positions, narrow.positions ?? [])
  const contradicts = narrow.overdue !== undefined && filter.overdue !== null && filter.overdue !== narrow.overdue
  if (grades === null || positions === null || contradicts) return null
  return { ...filter, grades, positions, overdue: narrow.overdue ?? filter.overdue }
}

export function registerOf(name: ListName): Register {
  return name === 'unregistered' ? 'none' : 'some'
}

/** Upwards, downwards, then the list's own order again. */
export function nextSort(sort: ListState['sort'], by: string): ListState['sort'] {
  if (sort?.by !== by) return { by, isDescending: false }
  return sort.isDescending ? null : { by, isDescending: true }
}
