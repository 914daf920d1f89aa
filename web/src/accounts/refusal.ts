/** Why something was not done, in the reader's language. */
import { computed, shallowRef, type ComputedRef } from 'vue'
import { Refused, Unreachable } from '../api/client.ts'
import { useTexts } from '../i18n/index.ts'

export interface Refusal {
  words: ComputedRef<string>
  /** The field that the service names as the reason, as far as it names one. */
  field: ComputedRef<string | null>
  note: (error: unknown) => void
}

export function useRefusal(): Refusal {
  const { t, language } = useTexts()
  const error = shallowRef<unknown>(null)
  return {
    words: computed(() => {
      if (error.value === null) return ''
      if (error.value instanceof Refused) return error.value.messages[language.value]
      return error.value instanceof Unreachable ? `${t('error.unreachable')} · ${t('error.unreachableHint')}` : t('error.unexpected')
    }),
    field: computed(() => {
      const field = error.value instanceof Refused ? error.value.details.field : null
      return typeof field === 'string' ? field : null
    }),
    note: (next) => {
      error.value = next
    },
  }
}
