/** A template with its parameters bound: which resources it really has, in which order, and what values stand for. */

import type { Template } from '../../model/index.ts'
import { type BoundParameter, parameterValues } from '../parameters/parameters.ts'
import { pseudoValues } from '../parameters/pseudo-parameters.ts'
import { parseTemplate } from '../read/parse-template.ts'
import { templateFault } from '../read/template-fault.ts'
import { validateTemplate } from '../read/validate-template.ts'
import { expandLanguageExtensions } from '../transforms/language-extensions.ts'
import { conditionsOf } from './conditions.ts'
import { dependenciesOf } from './order.ts'
import { eachReference } from './references.ts'
import { resolve, type Scope } from './resolve.ts'

/** The stack as templates see it. */
export interface StackIdentity {
  readonly account: string
  readonly region: string
  readonly stackId: string
  readonly stackName: string
  readonly notificationArns: readonly string[]
}

/** Where values come from that only the stack's resources and other stacks can tell. */
export type Lookups = Pick<Scope, 'physicalId' | 'attribute' | 'importValue'>

export interface Evaluated {
  readonly template: Template
  readonly scope: Scope
  /** Logical ids of the resources whose conditions hold. */
  readonly active: readonly string[]
  readonly dependsOn: ReadonlyMap<string, readonly string[]>
  /** Names of the outputs whose conditions hold. */
  readonly outputs: readonly string[]
  /** Names of the exports that it imports. */
  readonly imports: readonly string[]
}

/** Gives the template that a text stands for, checked. Errors: ValidationError. */
export const readTemplate = (text: string, parameters: readonly BoundParameter[] = []): Template =>
  validateTemplate(expandLanguageExtensions(parseTemplate(text), parameters))

/** Errors: ValidationError for a condition that cannot be evaluated or a reference to a resource that is left out. */
export function evaluateTemplate(
  version: { readonly template: string; readonly parameters: readonly BoundParameter[] },
  stack: StackIdentity,
  lookups: Lookups,
): Evaluated {
  const template = readTemplate(version.template, version.parameters)
  const values = new Map([...pseudoValues(stack), ...parameterValues(template, version.parameters)])
  const scope: Scope = {
    values,
    mappings: (template.Mappings ?? {}) as Scope['mappings'],
    region: stack.region,
    condition: conditionsOf(template.Conditions ?? {}, () => scope),
    ...lookups,
  }
  const holds = (one: { readonly Condition?: string }) =>
    one.Condition === undefined || scope.condition(one.Condition)
  const active = Object.keys(template.Resources).filter((id) => holds(template.Resources[id]!))
  const outputs = Object.keys(template.Outputs ?? {}).filter((name) => holds(template.Outputs![name]!))
  return {
    template,
    scope,
    active,
    outputs,
    dependsOn: orderActive(template, active, scope),
    imports: importsOf(template, active, outputs, scope),
  }
}

/** AWS: DependsOn a resource that its condition leaves out is ignored; a reference to it is an error. */
function orderActive(template: Template, active: readonly string[], scope: Scope): Map<string, string[]> {
  const present = new Set(active)
  const lacking = new Set<string>()
  const graph = new Map<string, string[]>()
  for (const id of active) {
    graph.set(
      id,
      dependenciesOf(id, template, scope.condition).filter((one) => present.has(one)),
    )
    if (present.size === Object.keys(template.Resources).length) continue
    const visit = (one: { kind: string; name: unknown }) => {
      const name = one.name as string
      if (
        (one.kind === 'ref' || one.kind === 'attribute') &&
        name in template.Resources &&
        !present.has(name)
      )
        lacking.add(name)
    }
    eachReference(template.Resources[id]!.Properties, visit, scope.condition)
  }
  if (lacking.size > 0)
    throw templateFault(
      `Template format error: Unresolved resource dependencies [${[...lacking].join(', ')}] in the Resources block of the template`,
    )
  return graph
}

function importsOf(
  template: Template,
  active: readonly string[],
  outputs: readonly string[],
  scope: Scope,
): string[] {
  const names = new Set<string>()
  const visit = (one: { kind: string; name: unknown }) => {
    if (one.kind === 'import') names.add(String(resolve(one.name, scope)))
  }
  for (const id of active) eachReference(template.Resources[id]!.Properties, visit, scope.condition)
  for (const name of outputs) eachReference(template.Outputs![name]!.Value, visit, scope.condition)
  return [...names]
}
