/** The five words for a colour, worst first, and what is counted and left out by them. */
import type { Basis, Counts, Grade, View } from './wire.ts'

export const GRADES: readonly Grade[] = ['major', 'large', 'general', 'low', 'unassessed']
export const BASES: readonly Basis[] = ['assessed', 'inherent', 'current']
export const VIEWS: readonly View[] = ['located', 'managed']

export function isGrade(value: unknown): value is Grade {
  return GRADES.includes(value as Grade)
}

/** The worse of two grades; unassessed is worse than nothing and better than any assessed grade. */
export function worse(one: Grade | null, other: Grade | null): Grade | null {
  if (one === null) return other
  if (other === null) return one
  return GRADES.indexOf(one) <= GRADES.indexOf(other) ? one : other
}

export function worstOf(counts: Counts): Grade | null {
  return GRADES.find((grade) => counts[grade] > 0) ?? null
}

export function isAllGrades(grades: readonly Grade[]): boolean {
  return GRADES.every((grade) => grades.includes(grade))
}

/** The counts with every grade outside the filter taken out, total included. */
export function countsShown(counts: Counts, grades: readonly Grade[]): Counts {
  const shown: Counts = { major: 0, large: 0, general: 0, low: 0, unassessed: 0, total: 0 }
  for (const grade of grades) {
    shown[grade] = counts[grade]
    shown.total += counts[grade]
  }
  return shown
}

/** Grades after one row of the rail was switched; the last one switched off brings all of them back. */
export function toggleGrade(grades: readonly Grade[], grade: Grade): Grade[] {
  const next = GRADES.filter((each) => (each === grade ? !grades.includes(each) : grades.includes(each)))
  return next.length === 0 ? [...GRADES] : next
}
