/** English texts of the enterprise's card and page, and of the ranking. */
import type { Messages } from './zh.ts'

export const enEnterprise: Messages['enterprise'] = {
  usccMissing: 'credit code to be added',
  noLevel: 'no risk level of the enterprise',
  noRegister: 'No risk point meets the filter',
  noRegisterHint: 'The enterprise is registered; its risk points may not be yet, or do not meet the filter.',
  paperTitle: 'Four-colour safety-risk map of {name}',
  home: 'Registered in',
  open: 'Enterprise page',
  only: 'Only this enterprise',
  all: 'All enterprises',
  edit: 'Edit enterprise',
  addPoint: 'Add a risk point',
  onMap: 'On the city map',
  economy: 'economic activity {code}',
  employees: '{n} employees',
  why: 'Grade, reasons and sites',
  register: 'Register of risk points',
  sites: 'Sites ({n})',
  noSites: 'No site is registered',
  sitePoints: '{n} risk points',
  contacts: 'Show contacts',
  contactsHint: 'Every look is recorded in the audit',
  nowhere: 'No coordinates, so nothing to draw',
  nowhereHint: 'Neither sites nor risk points have coordinates; the register below is whole all the same.',
}

export const enRanking: Messages['ranking'] = {
  title: 'Ranking (an index of ours)',
  territories: 'Areas below',
  enterprises: 'Enterprises',
  place: 'Place',
  density: 'Density/km²',
  exposure: 'Exposure',
}
