import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clipLine, clipRing } from './clip.ts'
import { metresPerPixel, scaleLength, tileAt, toLonLat, toWorld, worldBox, zoomToFit, type XY } from './geography.ts'

test('world coordinates go there and back', () => {
  for (const [lon, lat] of [[125.396, 43.859], [-74.006, 40.7128], [0, 0], [179.999, -84]] as const) {
    const [x, y] = toWorld(lon, lat)
    const back = toLonLat(x, y)
    assert.ok(Math.abs(back[0] - lon) < 1e-9 && Math.abs(back[1] - lat) < 1e-9)
  }
  assert.deepEqual(toWorld(0, 0), [0.5, 0.5])
})

test('a place lies in its tile', () => {
  // Changchun at zoom 10, from the usual slippy map arithmetic.
  const [x, y] = toWorld(125.32, 43.88)
  assert.deepEqual(tileAt(x, y, 10), { z: 10, x: 868, y: 372 })
})

test('the scale is round and fits', () => {
  const perPixel = metresPerPixel(43.88, 11)
  assert.ok(Math.abs(perPixel - 55.1) < 0.1)
  const scale = scaleLength(perPixel, 140)
  assert.equal(scale.metres, 5000)
  assert.ok(scale.pixels <= 140 && scale.pixels > 56)
  assert.equal(scaleLength(1, 140).metres, 100)
  assert.equal(scaleLength(0.3, 140).metres, 20)
})

test('a territory opens as deep as its window allows', () => {
  const box = worldBox([124.0, 43.16, 127.09, 45.25])
  assert.equal(zoomToFit(box, [1004, 672], { tolerance: 1, deepest: 15 }), 8)
  assert.equal(zoomToFit(box, [2400, 1400], { tolerance: 1, deepest: 15 }), 9)
  assert.equal(zoomToFit(box, [1004, 940], { tolerance: 1.2, deepest: 15 }), 9)
})

test('a line is cut to the box and keeps what is inside', () => {
  const line: XY[] = [[-10, 5], [5, 5], [5, 20], [8, 5]]
  const pieces = clipLine(line, [0, 0, 10, 10])
  assert.deepEqual(pieces, [
    [[0, 5], [5, 5], [5, 10]],
    [[7, 10], [8, 5]],
  ])
  assert.deepEqual(clipLine([[-5, -5], [-5, 20]], [0, 0, 10, 10]), [])
})

test('a ring that surrounds the box becomes the box', () => {
  const ring: XY[] = [[-100, -100], [100, -100], [100, 100], [-100, 100]]
  const clipped = clipRing(ring, [0, 0, 10, 10])
  assert.deepEqual([...clipped].sort(), [[0, 0], [0, 10], [10, 0], [10, 10]])
  assert.deepEqual(clipRing([[20, 20], [30, 20], [30, 30]], [0, 0, 10, 10]), [])
})
