/** English texts of the search box. */
import type { Messages } from './zh.ts'

export const enSearch: Messages['search'] = {
  label: 'Search places, enterprises, risk points',
  placeholder: 'Enterprise, credit code, pinyin initials, BeiDou code, coordinates',
  searching: 'Searching…',
  nothing: 'Nothing found for "{words}"',
  nothingHint: 'Try part of a name, pinyin initials, a credit code, a BeiDou cell code or "longitude, latitude".',
  kind: { enterprise: 'Enterprise', risk_point: 'Risk point', territory: 'Area', cell: 'Grid cell', position: 'Coordinates' },
  datum: 'Datum of the coordinates',
  failed: 'The search did not succeed',
}
