/** One field of a change, in words. */
export interface ChangeRow {
  key: string
  title: string
  /** Of what, where it is not the record itself. */
  note: string
  before: string
  after: string
}
