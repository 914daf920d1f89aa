import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchTouches, withAttendance } from './attendance.ts'

test('after a minute without a touch the page says that nobody is there', (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const page = new EventTarget()
  watchTouches(page)
  page.dispatchEvent(new Event('keydown'))
  context.mock.timers.tick(59_999)
  assert.equal(withAttendance({ 'If-Match': '"1"' }).get('X-Unattended'), null)
  context.mock.timers.tick(1)
  const headers = withAttendance({ 'If-Match': '"1"' })
  assert.deepEqual([headers.get('X-Unattended'), headers.get('If-Match')], ['1', '"1"'])
  page.dispatchEvent(new Event('pointermove'))
  assert.equal(withAttendance(undefined).get('X-Unattended'), null)
})
