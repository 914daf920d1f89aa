/** Where to go on after signing in: only to a page of our own, whatever an address says. */
export function ownPath(next: unknown): string {
  if (typeof next !== 'string' || !/^\/(?![/\\])/.test(next)) return '/'
  // Browsers drop tabs and line breaks inside an address before they read it.
  return /[\p{Cc}\\]/u.test(next) ? '/' : next
}
