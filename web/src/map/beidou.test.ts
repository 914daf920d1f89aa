import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundsOf, encode, levelOf, unitsOf, type CellLevel } from './beidou.ts'

const dms = (d: number, m: number, s: number): number => d + m / 60 + s / 3600

// GB/T 39409-2020, Annex B and §8.1, and places checked against independent encoders.
const PLACES: [number, number, string][] = [
  [dms(116, 18, 45.37), dms(39, 59, 35.38), 'N50J'],
  [dms(116, 18, 45.37), dms(39, 59, 35.38), 'N50J47'],
  [dms(116, 18, 45.37), dms(39, 59, 35.38), 'N50J475'],
  [dms(116, 18, 45.37), dms(39, 59, 35.38), 'N50J47539'],
  [dms(116, 18, 45.37), dms(39, 59, 35.38), 'N50J47539B8'],
  [dms(116, 19, 14.3184), dms(39, 59, 56.1444), 'N50J475493E'],
  [dms(116, 19, 5.9808), dms(39, 59, 59.7012), 'N50J475491E'],
  [dms(116, 19, 9.354), dms(39, 59, 56.526), 'N50J475492E'],
  [116.397389, 39.908722, 'N50J47584C7'],
  [125.396, 43.859, 'N51KA7581B8'],
  [121.4737, 31.2304, 'N51H263D36C'],
  [113.2644, 23.1291, 'N49FA6107CB'],
  [87.6168, 43.8256, 'N45K7727908'],
  [112.3386, 16.8335, 'N49E8155040'],
  [151.2093, -33.8688, 'S56I234C281'],
  [-74.006, 40.7128, 'N18K412025B'],
  [-43.1729, -22.9068, 'S23F254A456'],
  [116.25, 39.5, 'N50J4710000'],
  [116.3, 39.9, 'N50J4753400'],
]

test('places of the standard encode to their codes', () => {
  for (const [lon, lat, code] of PLACES) assert.equal(encode(lon, lat, levelOf(code) as CellLevel), code)
})

test('bounds of a cell are those of the standard', () => {
  const cell = boundsOf('N50J47539')
  assert.ok(cell)
  assert.deepEqual(cell.map((value) => value.toFixed(6)), ['116.300000', '39.983333', '116.316667', '40.000000'])
  const small = boundsOf('N51KA7581B8')
  assert.ok(small)
  assert.deepEqual(small.map((value) => value.toFixed(6)), ['125.395556', '43.858889', '125.396667', '43.860000'])
})

test('the corner nearest to 0,0 of a cell encodes to that cell, in all four quarters', () => {
  for (let i = 0; i < 4000; i += 1) {
    const east = i % 2 === 0
    const north = i % 4 < 2
    // Whole multiples of 4 seconds: the coordinates that doubles put into the neighbour.
    const lon = ((i * 7919) % 162_000) * (4 / 3600) * (east ? 1 : -1)
    const lat = ((i * 6007) % 79_000) * (4 / 3600) * (north ? 1 : -1)
    const code = encode(lon, lat, 5)
    assert.ok(code)
    const bounds = boundsOf(code)
    assert.ok(bounds)
    const [west, south, eastern, northern] = bounds
    const near = [lon < 0 ? eastern : west, lat < 0 ? northern : south] as const
    assert.ok(Math.abs(near[0] - lon) < 1e-9 && Math.abs(near[1] - lat) < 1e-9, `${lon} ${lat} ${code}`)
  }
})

test('units are exact decimals, not doubles', () => {
  assert.equal(unitsOf(87.0), 641_433_600)
  assert.equal(unitsOf(34.3), 252_887_040)
  assert.equal(unitsOf(0), 0)
  assert.equal(unitsOf(1e-9), 0)
})

test('places off the grid and malformed codes are null', () => {
  assert.equal(encode(0, 88, 4), null)
  assert.equal(encode(180.1, 0, 4), null)
  assert.equal(encode(Number.NaN, 0, 4), null)
  assert.equal(encode(180, 0, 1), 'N60A')
  for (const code of ['', 'N51K', 'X51KA7581B8', 'N99KA7581B8', 'N51KA7981', 'N51KA7581BF', 'N51KA75']) {
    const bounds = boundsOf(code)
    assert.equal(bounds === null, code !== 'N51K' && code !== 'N51KA75', code)
  }
})
