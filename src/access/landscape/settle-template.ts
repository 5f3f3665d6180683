/** Settles in a template what its stack's parameters and neighbours decide, so that permissions can be told from it. */
import type { Template, TemplateResource } from '../../model/index.ts'
import type { PlacedTemplate } from './placed-template.ts'
import { scopesOf } from './read-landscape.ts'
import type { StackScope } from './stack-scope.ts'
import type { StandIns } from './stand-ins.ts'

export interface SettledTemplate {
  /** Without the resources that conditions leave out; lookups and decided conditions carried out. */
  readonly template: Template
  /** Every parameter's value; a stand-in where it is not known. */
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * Settles templates of stacks, beside other stacks whose exports they may import. References to the template's own
 * resources stay; what hangs on a value that is not known stays open: both branches, and the resource.
 */
export function settleTemplates(
  templates: readonly PlacedTemplate[],
  others: readonly PlacedTemplate[],
  standIns: StandIns,
): SettledTemplate[] {
  const scopes = scopesOf([...others, ...templates], standIns)
  return templates.map((placed) => settle(scopes.find((scope) => scope.placed === placed)!))
}

function settle(scope: StackScope): SettledTemplate {
  const { template } = scope.placed
  const resources = Object.entries(template.Resources)
    .filter(([, { Condition }]) => Condition === undefined || scope.decides(Condition) !== false)
    .map(([id, { Properties, ...resource }]): [string, TemplateResource] => [
      id,
      {
        ...resource,
        ...(Properties && { Properties: settled(Properties, scope) as TemplateResource['Properties'] }),
      },
    ])
  return {
    template: { ...template, Resources: Object.fromEntries(resources) },
    parameters: scope.parameters(),
  }
}

/** What AWS::NoValue leaves out is undefined. */
function settled(value: unknown, scope: StackScope): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => settled(one, scope)).filter((one) => one !== undefined)
  const entries = Object.entries(value)
  const [[name, argument] = []] = entries
  if (entries.length === 1)
    switch (name) {
      case 'Ref':
        return argument === 'AWS::NoValue' ? undefined : value
      case 'Fn::If':
        return settledBranch(value, argument, scope)
      case 'Fn::FindInMap':
      case 'Fn::ImportValue':
        return scope.resolve(value)
    }
  return Object.fromEntries(
    entries.map(([key, one]) => [key, settled(one, scope)]).filter(([, one]) => one !== undefined),
  )
}

function settledBranch(value: unknown, argument: unknown, scope: StackScope): unknown {
  if (!Array.isArray(argument)) return value
  const [condition, then, otherwise] = argument
  const holds = scope.decides(String(condition))
  if (holds !== undefined) return settled(holds ? then : otherwise, scope)
  return {
    'Fn::If': [condition, ...[then, otherwise].map((one) => settled(one, scope) ?? { Ref: 'AWS::NoValue' })],
  }
}
