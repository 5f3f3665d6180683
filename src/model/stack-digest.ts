/** The digest of the template that a stack was deployed from, which stands among its outputs. */
import type { Template } from './template.ts'

/** Name of the output. */
export const STACK_DIGEST = 'CrossdockDigest'

/** Most commands need none, and importing node:crypto takes 3 ms of each. */
export const stackDigest = (template: Template): string =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(JSON.stringify(template)).digest('hex')
