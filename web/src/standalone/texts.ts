/** The page's texts without the page: the file holds both languages. */
import type { Bilingual, Grade } from '../api/wire.ts'
import { en } from '../i18n/en.ts'
import type { Language } from '../i18n/index.ts'
import { zh, type TextKey } from '../i18n/zh.ts'
import type { Letters } from '../map/ink.ts'

type Tree = { [key: string]: string | Tree }

export interface Words {
  language: Language
  t: (key: TextKey, values?: Record<string, string | number>) => string
  pick: (text: Bilingual) => string
  count: (value: number) => string
  letters: Letters
}

export function wordsIn(language: Language): Words {
  const texts: Tree = language === 'zh' ? zh : en
  const format = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en')
  const t: Words['t'] = (key, values = {}) => {
    const found = key.split('.').reduce<string | Tree | undefined>((tree, part) => (typeof tree === 'object' ? tree[part] : tree), texts)
    return typeof found === 'string' ? found.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name])) : key
  }
  const letter = (grade: Grade): string => t(`letter.${grade}`)
  return {
    language,
    t,
    pick: (text) => text[language] || text.zh,
    count: (value) => format.format(value),
    letters: {
      major: letter('major'),
      large: letter('large'),
      general: letter('general'),
      low: letter('low'),
      unassessed: letter('unassessed'),
    },
  }
}
