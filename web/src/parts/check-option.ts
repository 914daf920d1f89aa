/** One line of a list of things to choose from. */
export interface CheckOption {
  value: string
  text: string
  /** Steps below the top of its tree. */
  depth: number
}
