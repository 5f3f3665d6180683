/** The error for a policy document that cannot be read as a policy. */

/** Says what is wrong in a policy document and in which statement; thrown by `compile` only. */
export class PolicySyntaxError extends Error {
  override readonly name = 'PolicySyntaxError'

  /** What is wrong. */
  readonly problem: string
  /** The end of the sentence that tells where: ` in statement 2`. */
  readonly place: string

  constructor(problem: string, place = '') {
    super(problem + place)
    this.problem = problem
    this.place = place
  }
}
