/** A role with its place in words: `监管人员 · 二道区`, `Department · Gas in 长春市`. */
import type { Appointment } from '../api/wire.ts'
import { useTexts } from '../i18n/index.ts'

export function useRoleWords(nameOfEnterprise: (id: number) => string | null = () => null): (appointment: Appointment) => string {
  const { t, pick } = useTexts()
  return ({ role, area, industry, enterprise_id: enterprise }) => {
    const places: string[] = []
    if (area) places.push(area.name)
    if (industry) places.push(pick({ zh: industry.name, en: industry.name_en ?? industry.name }))
    if (enterprise !== null) places.push(nameOfEnterprise(enterprise) ?? t('people.enterpriseNo', { n: enterprise }))
    return [t(`role.${role}`), ...places].join(' · ')
  }
}
