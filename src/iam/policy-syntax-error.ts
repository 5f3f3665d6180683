/** The error for a policy document that cannot be read as a policy. */

/** Says what is wrong in a policy document and in which statement; thrown by `compile` only. */
export class PolicySyntaxError extends Error {
  override readonly name = 'PolicySyntaxError'
}
