/** Compiled policies by their text, so that a stored document is compiled once however often it is asked. */
import { type CompiledPolicy, compile } from '../../iam/index.ts'
import { type PolicyDocument, type PolicyRef, policyKey } from '../../model/index.ts'

const LIMIT = 5_000
const byText = new Map<string, CompiledPolicy>()

/** Gives the compiled form of a policy document's JSON text; decisions name it by the reference. Errors: as `compile`. */
export function compiledPolicy(document: string, ref: PolicyRef): CompiledPolicy {
  const key = `${policyKey(ref)}\0${document}`
  const known = byText.get(key)
  if (known) return known
  const compiled = compile(JSON.parse(document) as PolicyDocument, ref)
  if (byText.size >= LIMIT) byText.clear()
  byText.set(key, compiled)
  return compiled
}
