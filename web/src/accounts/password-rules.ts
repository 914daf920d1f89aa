/** What a new password must be, told before it is sent; the service has the last word, and a list of common ones. */

// As service/accounts/rules/passwords.py has them.
export const SHORTEST = 10
const LONGEST = 128
const FEWEST_DIFFERENT = 5
/** A shorter login stands in a good password by chance. */
const SHORTEST_GUESS = 4

export type PasswordRule = 'length' | 'variety' | 'login'

/** Each rule and whether a password keeps it. */
export function passwordRules(password: string, login: string): { rule: PasswordRule; isKept: boolean }[] {
  const plain = password.toLowerCase()
  return [
    { rule: 'length', isKept: password.length >= SHORTEST && password.length <= LONGEST },
    { rule: 'variety', isKept: new Set(plain).size >= FEWEST_DIFFERENT },
    { rule: 'login', isKept: plain !== '' && !(login.length >= SHORTEST_GUESS && plain.includes(login.toLowerCase())) },
  ]
}

/** Letters and digits that nobody takes for another, read from paper or told on the telephone. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 4
const GROUP_LENGTH = 4

/** A first password such as `k7wq-m3xe-zt9h-b4np`: 31^16 ways, 79 bits. */
export function firstPassword(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (bytes) => crypto.getRandomValues(bytes)): string {
  const letters: string[] = []
  // Bytes beyond the last whole multiple would make the first letters likelier.
  const fair = 256 - (256 % LETTERS.length)
  while (letters.length < GROUPS * GROUP_LENGTH) {
    for (const byte of random(new Uint8Array(GROUPS * GROUP_LENGTH))) {
      if (byte < fair && letters.length < GROUPS * GROUP_LENGTH) letters.push(LETTERS[byte % LETTERS.length] ?? '')
    }
  }
  return Array.from({ length: GROUPS }, (_, i) => letters.slice(i * GROUP_LENGTH, (i + 1) * GROUP_LENGTH).join('')).join('-')
}
