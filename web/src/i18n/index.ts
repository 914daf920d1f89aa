/** Languages: Chinese first, English complete, the choice remembered on this machine. */
import { computed, type ComputedRef } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'
import type { Bilingual } from '../api/wire.ts'
import { en } from './en.ts'
import { zh, type Messages, type TextKey } from './zh.ts'

export type Language = 'zh' | 'en'

const REMEMBERED_AS = 'riskmap.language'

function remembered(): Language {
  try {
    return localStorage.getItem(REMEMBERED_AS) === 'en' ? 'en' : 'zh'
  } catch {
    // Storage is closed in some kiosk browsers; the page then starts in Chinese.
    return 'zh'
  }
}

export const i18n = createI18n<{ message: Messages }, Language, false>({
  legacy: false,
  locale: remembered(),
  fallbackLocale: 'zh',
  messages: { zh, en },
})

export interface Texts {
  t: (key: TextKey, values?: Record<string, unknown>) => string
  language: ComputedRef<Language>
  /** The text of a bilingual value in the page's language. */
  pick: (text: Bilingual | null | undefined) => string
  count: (value: number) => string
  switchLanguage: () => void
}

export function useTexts(): Texts {
  const { t, locale } = useI18n({ useScope: 'global' })
  const language = computed<Language>(() => (locale.value === 'en' ? 'en' : 'zh'))
  const format = computed(() => new Intl.NumberFormat(language.value === 'zh' ? 'zh-CN' : 'en'))
  return {
    t: (key, values) => t(key, values ?? {}),
    language,
    pick: (text) => (text ? text[language.value] || text.zh : ''),
    count: (value) => format.value.format(value),
    switchLanguage: () => {
      locale.value = language.value === 'zh' ? 'en' : 'zh'
      document.documentElement.lang = locale.value === 'zh' ? 'zh-CN' : 'en'
      try {
        localStorage.setItem(REMEMBERED_AS, locale.value)
      } catch {
        // The choice then lasts as long as the page.
      }
    },
  }
}
