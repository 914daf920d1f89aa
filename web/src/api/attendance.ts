/** Whether somebody is at the screen: what the page asks while nobody is does not keep a session open. */

/** As often as the service notes that a session was used. */
const UNATTENDED_AFTER_MS = 60_000
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const

let touched = Date.now()

/** Listen for touches on this page, from now on. */
export function watchTouches(page: EventTarget): void {
  const onTouch = (): void => {
    touched = Date.now()
  }
  for (const kind of TOUCHES) page.addEventListener(kind, onTouch, { capture: true, passive: true })
}

/** Headers that say so where nobody has touched the page for a while. */
export function withAttendance(given: HeadersInit | undefined): Headers {
  const headers = new Headers(given)
  if (Date.now() - touched >= UNATTENDED_AFTER_MS) headers.set('X-Unattended', '1')
  return headers
}
