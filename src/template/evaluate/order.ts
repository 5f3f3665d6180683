/** What must stand before what: the graph of a template's resources. */
import { entryOf, type Template, type TemplateResource } from '../../model/index.ts'
import type { Decision } from '../values/value.ts'
import { eachReference } from './references.ts'

/** The parts of a resource whose references order it after another. */
const ordering = (resource: TemplateResource): unknown => [
  resource.Properties,
  resource.Metadata,
  resource.UpdatePolicy,
]

const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

/** Gives the resources that one resource comes after, itself left out; with `decide` without what certainly is not used. */
export function dependenciesOf(
  logicalId: string,
  template: Template,
  decide?: (name: string) => Decision,
): string[] {
  const resource = entryOf(template.Resources, logicalId)!
  const found = new Set(listed(resource.DependsOn))
  const visit = (one: { kind: string; name: unknown }) => {
    if (
      (one.kind === 'ref' || one.kind === 'attribute') &&
      Object.hasOwn(template.Resources, one.name as string)
    )
      found.add(one.name as string)
  }
  eachReference(ordering(resource), visit, decide)
  found.delete(logicalId)
  return [...found]
}

/** Whether a resource's own properties need it to be there. Its metadata may name it: cfn-init reads that afterwards. */
export function needsItself(logicalId: string, template: Template): boolean {
  let found = false
  eachReference(entryOf(template.Resources, logicalId)?.Properties, (one) => {
    if ((one.kind === 'ref' || one.kind === 'attribute') && one.name === logicalId) found = true
  })
  return found
}

/** Gives the members of cycles in a graph, in the graph's order; empty where there is none. */
export function circular(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const left = new Map(graph)
  for (;;) {
    const free = [...left].filter(([, needs]) => !needs.some((one) => left.has(one)))
    if (free.length === 0) break
    for (const [name] of free) left.delete(name)
  }
  // What only leads to a cycle is no part of it.
  for (;;) {
    const needed = new Set([...left.values()].flat())
    const loose = [...left.keys()].filter((name) => !needed.has(name))
    if (loose.length === 0) return [...left.keys()]
    for (const name of loose) left.delete(name)
  }
}
