/** Keeps the page true while nobody touches it, and closes what Esc closes. */
import { onBeforeUnmount, onMounted } from 'vue'

/** What is committed is on the map at the latest after this long, also on a screen nobody touches. */
const REFRESH_MS = 60_000

export function useRefreshing(on: { refresh: () => void; online: () => void; escape: () => void }): void {
  const onVisible = (): void => {
    if (document.visibilityState === 'visible') on.refresh()
  }
  // A search box, a list of choices or a dialogue that is open has the first right to Esc, and says so.
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented) on.escape()
  }
  let timer = 0
  onMounted(() => {
    timer = window.setInterval(onVisible, REFRESH_MS)
    document.addEventListener('visibilitychange', onVisible)
    window.addEventListener('online', on.online)
    window.addEventListener('keydown', onKey)
  })
  onBeforeUnmount(() => {
    window.clearInterval(timer)
    document.removeEventListener('visibilitychange', onVisible)
    window.removeEventListener('online', on.online)
    window.removeEventListener('keydown', onKey)
  })
}
