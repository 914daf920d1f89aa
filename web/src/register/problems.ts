/** What is wrong with a form, at its fields: the page knows it, each field asks. */
import { computed, inject, provide, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import type { FieldProblem } from '../api/wire.ts'

const KEY: InjectionKey<Ref<readonly FieldProblem[]>> = Symbol('problems')

export function provideProblems(problems: Ref<readonly FieldProblem[]>): void {
  provide(KEY, problems)
}

/** The problems of one field. `withBelow`: also those of what is inside it. */
export function useProblems(field: () => string, withBelow = false): ComputedRef<readonly FieldProblem[]> {
  const problems = inject(KEY)
  return computed(() =>
    (problems?.value ?? []).filter(
      (one) => one.field === field() || (withBelow && one.field?.startsWith(`${field()}.`)),
    ),
  )
}

/** Bring to the eye, and under the keyboard, what keeps a form from being saved. */
export function showFirstProblem(form: HTMLElement | null): void {
  const first = form?.querySelector<HTMLElement>('[data-conflict], [data-refused], .wrong input, .wrong select, .wrong textarea, [role="alert"]')
  first?.scrollIntoView({ block: 'center' })
  first?.focus({ preventScroll: true })
}
