/** References to outputs in texts: `${outputs.[STAGE/]DEPLOY[@REGION].OUTPUT}`. */
import type { SourceLocation } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import { OUTPUT_NAME } from './text.ts'

/** What a text asks for. */
export interface OutputReference {
  /** What stands between `${` and `}`. */
  readonly text: string
  /** Absent: the nearest stage before it, or its own. */
  readonly stage?: string
  readonly deploy: string
  /** Absent: the text's own. */
  readonly region?: string
  readonly output: string
}

/** A reference where it stands in the fleet file. */
export interface OutputUse extends OutputReference {
  readonly location: SourceLocation
}

/** Gives the reference in brackets; undefined where it has another form. */
export function outputReference(text: string): OutputReference | undefined {
  const [, stage, deploy, region, output] = OUTPUT_NAME.exec(text) ?? []
  if (!deploy || !output) return undefined
  return { text, deploy, output, ...(stage && { stage }), ...(region && { region }) }
}

/** Gives every reference in the texts of a part of the file. */
export function outputUses(part: unknown, path: DataPath, document: FleetDocument): OutputUse[] {
  if (typeof part === 'object' && part !== null)
    return Object.entries(part).flatMap(([key, inner]) =>
      outputUses(inner, [...path, Array.isArray(part) ? Number(key) : key], document),
    )
  if (typeof part !== 'string' || !part.includes('${outputs.')) return []
  return [...part.matchAll(/\$\{([^{}]*)\}/g)].flatMap(([, text = '']) => {
    const reference = outputReference(text)
    return reference ? { ...reference, location: document.locate(path) } : []
  })
}
