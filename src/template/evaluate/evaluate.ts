/** A template with its parameters bound: which resources it really has, in which order, and what values stand for. */

import type { Template } from '../../model/index.ts'
import { type BoundParameter, parameterValues } from '../parameters/parameters.ts'
import { pseudoValues } from '../parameters/pseudo-parameters.ts'
import { parseTemplate } from '../read/parse-template.ts'
import { TemplateFault, templateFault } from '../read/template-fault.ts'
import { validateTemplate } from '../read/validate-template.ts'
import { type Processed, type ProcessPlace, processTemplate } from '../transforms/process.ts'
import { identityOf } from '../values/unknowns.ts'
import type { Decision, Value } from '../values/value.ts'
import type { Scope } from './evaluating.ts'
import { Evaluator } from './evaluator.ts'
import { dependenciesOf } from './order.ts'
import { eachReference, type Reference, unresolvedIn } from './references.ts'

/** The stack as templates see it. */
export interface StackIdentity {
  readonly account: string
  readonly region: string
  readonly stackId: string
  readonly stackName: string
  readonly notificationArns: readonly string[]
}

/** Where values come from that only the stack's resources and other stacks can tell. */
export type Lookups = Pick<Scope, 'reference' | 'attribute' | 'imported' | 'dynamic'>

export interface Evaluated {
  readonly template: Template
  /** Gives a value with its functions carried out; undefined for AWS::NoValue. Errors: TemplateFault. */
  value(written: unknown): Value | undefined
  condition(name: string): Decision
  /** Logical ids of the resources that are not certainly left out by their conditions. */
  readonly active: readonly string[]
  readonly dependsOn: ReadonlyMap<string, readonly string[]>
  /** Names of the outputs that are not certainly left out. */
  readonly outputs: readonly string[]
  /** Names of the exports that it imports. */
  readonly imports: readonly Value[]
}

/** A template with its transforms carried out, and checked. */
export interface ReadTemplate extends Omit<Processed, 'template'> {
  readonly template: Template
}

/** Gives the template that a text stands for in a region, processed and checked. Errors: TemplateFault. */
export function readProcessed(
  text: string,
  parameters: readonly BoundParameter[],
  { region, account }: ProcessPlace,
): ReadTemplate {
  const values = new Map(parameters.map((one) => [one.key, one.resolvedValue ?? one.value]))
  const { template, ...rest } = processTemplate(parseTemplate(text), {
    parameters: values,
    region,
    account,
  })
  return { ...rest, template: atOrigin(rest.origin, () => validateTemplate(template)) }
}

/** Gives the template alone. Errors: as `readProcessed`. */
export const readTemplate = (
  text: string,
  parameters: readonly BoundParameter[],
  place: ProcessPlace,
): Template => readProcessed(text, parameters, place).template

/** What is wrong with a generated resource is wrong where it was made from. */
function atOrigin<T>(origin: Processed['origin'], run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (!(cause instanceof TemplateFault) || cause.path === undefined) throw cause
    const { message, fix, by } = cause
    throw new TemplateFault(message, { path: origin(cause.path), fix, by })
  }
}

/** Gives the template of a stack, evaluated. Errors: as `evaluate`. */
export function evaluateTemplate(
  version: { readonly template: string; readonly parameters: readonly BoundParameter[] },
  stack: StackIdentity,
  lookups: Lookups,
): Evaluated {
  const template = readTemplate(version.template, version.parameters, stack)
  return evaluate(template, {
    place: stack.stackName,
    region: stack.region,
    values: new Map([...pseudoValues(stack), ...parameterValues(template, version.parameters)]),
    mappings: template.Mappings ?? {},
    conditions: template.Conditions ?? {},
    ...lookups,
  })
}

/** Errors: TemplateFault for a condition that cannot be evaluated or a reference to a resource that is left out. */
export function evaluate(template: Template, scope: Scope): Evaluated {
  const { value, condition } = new Evaluator(scope)
  const evaluated = { ...presentIn(template, condition), value }
  refuseLacking(evaluated)
  return { ...evaluated, dependsOn: orderActive(evaluated), imports: importsOf(evaluated) }
}

/** AWS: DependsOn a resource that its condition leaves out is ignored. */
function orderActive({ template, active, condition }: Unordered): Map<string, string[]> {
  const present = new Set(active)
  const graph = new Map<string, string[]>()
  for (const id of active)
    graph.set(
      id,
      dependenciesOf(id, template, condition).filter((one) => present.has(one)),
    )
  return graph
}

/** What is there, as far as conditions tell. */
export interface Present {
  readonly template: Template
  readonly active: readonly string[]
  readonly outputs: readonly string[]
  condition(name: string): Decision
}

/** Errors: TemplateFault for references to resources that conditions leave out. AWS refuses these with the request. */
export function refuseLacking(present: Present): void {
  for (const block of ['Resources', 'Outputs'] as const) {
    const lacking = [...new Set(lackingIn(block, present).map(({ name }) => name))]
    if (lacking.length > 0) throw templateFault(unresolvedIn(block, lacking))
  }
}

/** Gives what is there by what conditions say. */
export function presentIn(template: Template, condition: Present['condition']): Present {
  const isPresent = (one: { readonly Condition?: string }) =>
    one.Condition === undefined || condition(one.Condition) !== false
  const active = Object.keys(template.Resources).filter((id) => isPresent(template.Resources[id]!))
  const outputs = Object.keys(template.Outputs ?? {}).filter((name) => isPresent(template.Outputs![name]!))
  return { template, active, outputs, condition }
}

/** A reference to a resource that its condition leaves out. */
export interface Lacking {
  /** The resource or output that it stands in. */
  readonly within: string
  readonly name: string
  readonly reference: Reference
}

/** Gives the references of what is there to resources that are certainly left out. */
export function lackingIn(
  block: 'Resources' | 'Outputs',
  { template, active, outputs, condition }: Present,
): Lacking[] {
  const all = Object.keys(template.Resources)
  if (active.length === all.length) return []
  const absent = new Set(all)
  for (const id of active) absent.delete(id)
  const lacking: Lacking[] = []
  for (const within of block === 'Resources' ? active : outputs) {
    const visit = (reference: Reference) => {
      if ((reference.kind === 'ref' || reference.kind === 'attribute') && absent.has(reference.name))
        lacking.push({ within, name: reference.name, reference })
    }
    const { Properties } = template.Resources[within] ?? {}
    eachReference(block === 'Resources' ? Properties : template.Outputs![within]!.Value, visit, condition)
  }
  return lacking
}

type Unordered = Omit<Evaluated, 'dependsOn' | 'imports'>

function importsOf({ template, active, outputs, value, condition }: Unordered): Value[] {
  const names = new Map<string, Value>()
  const visit = (one: Reference) => {
    if (one.kind !== 'import') return
    const name = value(one.name)
    if (name !== undefined) names.set(identityOf(name), name)
  }
  for (const id of active) eachReference(template.Resources[id]!.Properties, visit, condition)
  for (const name of outputs) eachReference(template.Outputs![name]!.Value, visit, condition)
  return [...names.values()]
}
