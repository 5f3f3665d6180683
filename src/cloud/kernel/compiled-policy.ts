/** Compiled policies by their text, so that a stored document is compiled once however often it is asked. */
import { type CompiledPolicy, compile } from '../../iam/index.ts'
import type { PolicyDocument } from '../../model/index.ts'

const LIMIT = 5_000
const byText = new Map<string, CompiledPolicy>()

/** Gives the compiled form of a policy document's JSON text; the label names it in decisions. Errors: as `compile`. */
export function compiledPolicy(document: string, label: string): CompiledPolicy {
  const key = `${label}\0${document}`
  const known = byText.get(key)
  if (known) return known
  const compiled = compile(JSON.parse(document) as PolicyDocument, label)
  if (byText.size >= LIMIT) byText.clear()
  byText.set(key, compiled)
  return compiled
}
