/** The one filter of the page, and the one place that turns it into a query every door understands. */
import { BASES, GRADES, VIEWS, isAllGrades, isGrade } from './grades.ts'
import type { Basis, Grade, View } from './wire.ts'

export const OWNERS = ['enterprise', 'region'] as const
export const POSITIONS = ['own', 'inherited', 'none'] as const
export type Owner = (typeof OWNERS)[number]
export type Position = (typeof POSITIONS)[number]

export interface Filter {
  basis: Basis
  view: View
  /** The grades shown; all five when nothing is filtered. */
  grades: readonly Grade[]
  /** Key of a territory, in the light of the view. */
  territory: string | null
  /** Key of the managing node, in any view. */
  managing: string | null
  /** Codes; an empty list filters nothing. */
  industries: readonly string[]
  accidents: readonly string[]
  controls: readonly string[]
  owner: Owner | null
  positions: readonly Position[]
  /** Only those whose review has fallen due, only the others, or both. */
  overdue: boolean | null
  enterprise: string | null
  text: string
}

export const NO_FILTER: Filter = {
  basis: 'assessed',
  view: 'located',
  grades: GRADES,
  territory: null,
  managing: null,
  industries: [],
  accidents: [],
  controls: [],
  owner: null,
  positions: [],
  overdue: null,
  enterprise: null,
  text: '',
}

/** What a person chooses beside the way of colouring and counting, in the order it is read. */
export const CONDITIONS = [
  'grades',
  'territory',
  'managing',
  'industries',
  'accidents',
  'controls',
  'owner',
  'positions',
  'overdue',
  'enterprise',
  'text',
] as const
export type Condition = (typeof CONDITIONS)[number]

/** The service reads no longer text (LONGEST of its filter). */
export const LONGEST_TEXT = 60
const KEY = /^[A-Za-z0-9_]{1,40}$/
const CODE = /^[A-Za-z0-9_.-]{1,40}$/

/** Names and values of what is filtered, as they stand in an address; what filters nothing is left out. */
export function conditionParts(filter: Filter): [string, string][] {
  const parts: [string, string][] = []
  const add = (name: string, value: string | null): void => {
    if (value) parts.push([name, value])
  }
  if (!isAllGrades(filter.grades)) add('grade', GRADES.filter((grade) => filter.grades.includes(grade)).join(','))
  add('territory', filter.territory)
  add('managing', filter.managing)
  add('industry', sorted(filter.industries))
  add('accident', sorted(filter.accidents))
  add('control', sorted(filter.controls))
  add('owner', filter.owner)
  add('position', POSITIONS.filter((position) => filter.positions.includes(position)).join(','))
  add('overdue', filter.overdue === null ? null : String(filter.overdue))
  add('enterprise', filter.enterprise)
  add('text', filter.text.trim().slice(0, LONGEST_TEXT))
  return parts
}

/** The filter as query text, stable in order, so that equal filters are equal addresses. */
export function filterQuery(filter: Filter): string {
  const parts: [string, string][] = [['basis', filter.basis], ['view', filter.view], ...conditionParts(filter)]
  // A comma parts the words of a list in every address of the service and needs no disguise.
  return parts.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`).join('&')
}

/** Reads a filter back from the parts of an address; what makes no sense filters nothing. */
export function readFilter(read: (name: string) => string | null): Filter {
  const codes = (name: string): string[] => [...new Set((read(name) ?? '').split(',').filter((code) => CODE.test(code)))]
  const key = (name: string): string | null => (KEY.test(read(name) ?? '') ? read(name) : null)
  const grades = codes('grade').filter(isGrade)
  const overdue = read('overdue')
  return {
    basis: BASES.find((basis) => basis === read('basis')) ?? NO_FILTER.basis,
    view: VIEWS.find((view) => view === read('view')) ?? NO_FILTER.view,
    grades: grades.length > 0 ? GRADES.filter((grade) => grades.includes(grade)) : GRADES,
    territory: key('territory'),
    managing: key('managing'),
    industries: codes('industry').sort(),
    accidents: codes('accident').sort(),
    controls: codes('control').sort(),
    owner: OWNERS.find((owner) => owner === read('owner')) ?? null,
    positions: POSITIONS.filter((position) => codes('position').includes(position)),
    overdue: overdue === 'true' ? true : overdue === 'false' ? false : null,
    enterprise: /^[1-9]\d{0,18}$/.test(read('enterprise') ?? '') ? read('enterprise') : null,
    text: (read('text') ?? '').slice(0, LONGEST_TEXT),
  }
}

function sorted(codes: readonly string[]): string {
  return [...codes].sort().join(',')
}

export function isSet(filter: Filter, condition: Condition): boolean {
  if (condition === 'grades') return !isAllGrades(filter.grades)
  const value = filter[condition]
  return typeof value === 'boolean' || (value !== null && value.length > 0)
}

export function isFiltered(filter: Filter): boolean {
  return CONDITIONS.some((condition) => isSet(filter, condition))
}

/** The change that takes one condition back. */
export function without(condition: Condition): Partial<Filter> {
  return { [condition]: NO_FILTER[condition] }
}

/** Everything filtered is taken back; the way of colouring and counting stays. */
export function cleared(filter: Filter): Filter {
  return { ...NO_FILTER, basis: filter.basis, view: filter.view }
}
