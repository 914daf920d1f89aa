/** Links to files: whoever's session has ended meanwhile is sent to sign in, not given a file that failed. */
import { Refused, request } from '../api/client.ts'

function fileLinkOf(event: MouseEvent): HTMLAnchorElement | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return null
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[download]') : null
  // What the page made itself is here already.
  return link?.origin === window.location.origin && link.protocol !== 'blob:' ? link : null
}

/** Ask who this is before any link to a file is followed. */
export function guardFileLinks(page: Document): void {
  let asked: HTMLAnchorElement | null = null
  const follow = async (link: HTMLAnchorElement): Promise<void> => {
    try {
      await request('/api/session')
    } catch (error) {
      // The client has sent them to the door; of a service that is away the browser tells best.
      if (error instanceof Refused && error.kind === 'not_signed_in') return
    }
    asked = link
    link.click()
    asked = null
  }
  page.addEventListener('click', (event) => {
    const link = fileLinkOf(event)
    if (!link || link === asked) return
    event.preventDefault()
    void follow(link)
  })
}
