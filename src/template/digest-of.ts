/** Digests of texts, for names that are made of them. */

/** Most commands make no such name, and importing node:crypto takes 3 ms of each. */
export const digestOf = (algorithm: 'sha1' | 'sha256', text: string): Buffer =>
  process.getBuiltinModule('node:crypto').createHash(algorithm).update(text).digest()
