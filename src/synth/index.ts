/** Synthesis: a fleet becomes CloudFormation stacks in two waves. */
export { renderTemplate } from './render.ts'
export { synthesize } from './synthesize.ts'
