/** Why a permission is needed, in words, and what the statement that grants it is called: both made of the need's origin. */
import type { NeedOrigin } from '../model/index.ts'

/** Gives the sentence: "to create Function in the stack orders". */
export function becauseOf(origin: NeedOrigin): string {
  switch (origin.kind) {
    case 'resource':
      return ofResource(origin)
    case 'start':
      return 'to start the pipeline when its source changes'
    case 'run':
      return 'the last run was denied it'
    case 'question':
      return 'to answer the question'
    default:
      return origin.purpose
  }
}

function ofResource({ stack, logicalId = 'unnamed', phase }: NeedOrigin & { kind: 'resource' }): string {
  if (phase === 'pass') return `to pass on the role of ${logicalId} of the stack ${stack}`
  if (phase === 'refer') return `to read what ${logicalId} of the stack ${stack} refers to`
  return `to ${phase} ${logicalId} in the stack ${stack}`
}

/** Gives the origin of a need with its words, as a need has them. */
export const reason = (origin: NeedOrigin): { readonly because: string; readonly origin: NeedOrigin } => ({
  because: becauseOf(origin),
  origin,
})

const SILENT = new Set(['the', 'a', 'an', 'of', 'its'])

/** Reasons that were met: most come again for every pipeline, all of them for every account. */
const capitals = new Map<string, string>()

/**
 * Gives what a statement is called after an origin: what is "to read the artifact BuildOutput" becomes
 * ReadArtifactBuildOutput. AWS: an id has letters and digits only.
 */
export function sidOf(origin: NeedOrigin): string {
  const because = becauseOf(origin)
  const known = capitals.get(because)
  if (known !== undefined) return known
  let text = ''
  for (const word of because.slice(because.startsWith('to ') ? 3 : 0).split(/[^A-Za-z0-9’']+/))
    if (!SILENT.has(word)) text += word.charAt(0).toUpperCase() + word.slice(1)
  const found = text.replaceAll(/[’']/g, '')
  capitals.set(because, found)
  return found
}
