/**
 * BeiDou grid location codes (GB/T 39409-2020), levels 1 to 5, CGCS2000 degrees.
 *
 * The same arithmetic as the service: exact decimal units of 1/2048 arc second, rounded to three decimals,
 * then floored. Doubles alone put whole-second coordinates into the neighbouring cell.
 */
import type { Bounds } from '../api/wire.ts'

export type CellLevel = 1 | 2 | 3 | 4 | 5

const UNITS_PER_DEGREE = 7_372_800
/** Longitude and latitude size of one cell in units, by level (GB/T 39409-2020, table 1). */
const SIZES: Record<CellLevel, readonly [number, number]> = {
  1: [44_236_800, 29_491_200],
  2: [3_686_400, 3_686_400],
  3: [1_843_200, 1_228_800],
  4: [122_880, 122_880],
  5: [8_192, 8_192],
}
const LEVEL_OF_LENGTH: Record<number, CellLevel> = { 4: 1, 6: 2, 7: 3, 9: 4, 11: 5 }
/** Columns are counted from 180° W; column 31 begins at the prime meridian. */
const MERIDIAN_COLUMN = 31
/** From 88° on the standard uses a polar scheme of its own. */
const POLAR_LATITUDE = 88
/** The fifteen significant digits PostgreSQL keeps when it turns a double into a numeric. */
const SIGNIFICANT_DIGITS = 15
const DIGITS = '0123456789ABCDE'

/** |degrees| in whole units, as floor(round(|degrees| × 7372800, 3)) in exact decimals. */
export function unitsOf(degrees: number): number {
  const [mantissa = '0', exponent = '0'] = Math.abs(degrees)
    .toExponential(SIGNIFICANT_DIGITS - 1)
    .split('e')
  const digits = BigInt(mantissa.replace('.', ''))
  const scale = SIGNIFICANT_DIGITS - 1 - Number(exponent)
  const product = digits * BigInt(UNITS_PER_DEGREE)
  if (scale <= 3) return Number(product * 10n ** BigInt(-scale))
  const unit = 10n ** BigInt(scale - 3)
  const thousandths = (2n * product + unit) / (2n * unit)
  return Number(thousandths / 1000n)
}

function pair(column: number, row: number): string {
  return `${DIGITS.charAt(column)}${DIGITS.charAt(row)}`
}

/** The code of the cell that holds a place, or null where the grid does not reach. */
export function encode(lon: number, lat: number, level: CellLevel): string | null {
  if (!Number.isFinite(lon) || !Number.isFinite(lat)) return null
  if (Math.abs(lon) > 180 || Math.abs(lat) >= POLAR_LATITUDE) return null
  const west = lon < 0
  let x = unitsOf(lon)
  let y = unitsOf(lat)
  // 180° itself belongs to the last cell on its side, there is no cell beyond it.
  x = Math.min(x, 180 * UNITS_PER_DEGREE - 1)
  const steps = Math.floor(x / SIZES[1][0])
  const column = west ? MERIDIAN_COLUMN - 1 - steps : MERIDIAN_COLUMN + steps
  const row = Math.floor(y / SIZES[1][1])
  let code = `${lat < 0 ? 'S' : 'N'}${String(column).padStart(2, '0')}${String.fromCharCode(65 + row)}`
  x -= steps * SIZES[1][0]
  y -= row * SIZES[1][1]
  for (const next of [2, 3, 4, 5] as const) {
    if (next > level) break
    const [width, height] = SIZES[next]
    const a = Math.floor(x / width)
    const b = Math.floor(y / height)
    x -= a * width
    y -= b * height
    code += next === 3 ? String(2 * b + a) : pair(a, b)
  }
  return code
}

export function levelOf(code: string): CellLevel | null {
  return LEVEL_OF_LENGTH[code.length] ?? null
}

/** Units from the corner nearest to 0°, 0° to that of the cell, or null for a malformed code. */
function cornerUnits(code: string, level: CellLevel): [number, number] | null {
  const head = /^[NS](\d\d)([A-V])/.exec(code)
  if (!head) return null
  const column = Number(head[1])
  if (column < 1 || column > 60) return null
  let x = (column >= MERIDIAN_COLUMN ? column - MERIDIAN_COLUMN : MERIDIAN_COLUMN - 1 - column) * SIZES[1][0]
  let y = ((head[2] ?? 'A').charCodeAt(0) - 65) * SIZES[1][1]
  let at = 4
  for (const next of [2, 3, 4, 5] as const) {
    if (next > level) break
    const [width, height] = SIZES[next]
    let a: number
    let b: number
    if (next === 3) {
      const digit = DIGITS.indexOf(code.charAt(at))
      if (digit < 0 || digit > 5) return null
      a = digit % 2
      b = Math.floor(digit / 2)
      at += 1
    } else {
      a = DIGITS.indexOf(code.charAt(at))
      b = DIGITS.indexOf(code.charAt(at + 1))
      if (a < 0 || b < 0) return null
      at += 2
    }
    x += a * width
    y += b * height
  }
  return [x, y]
}

/** West, south, east, north of a cell in degrees, or null for a malformed code. */
export function boundsOf(code: string): Bounds | null {
  const level = levelOf(code)
  if (!level) return null
  const corner = cornerUnits(code, level)
  if (!corner) return null
  const [width, height] = SIZES[level]
  const near = [corner[0] / UNITS_PER_DEGREE, corner[1] / UNITS_PER_DEGREE] as const
  const far = [(corner[0] + width) / UNITS_PER_DEGREE, (corner[1] + height) / UNITS_PER_DEGREE] as const
  const isWest = Number(code.slice(1, 3)) < MERIDIAN_COLUMN
  const isSouth = code.startsWith('S')
  return [
    isWest ? -far[0] : near[0],
    isSouth ? -far[1] : near[1],
    isWest ? -near[0] : far[0],
    isSouth ? -near[1] : far[1],
  ]
}
