/** What a template names and nothing gives: parameters without a value, references and exports of nothing. */
import { entryOf, plainText } from '../../model/index.ts'
import { pseudoParameters, type TemplatePath } from '../../template/index.ts'
import type { TemplateGap } from './landscape.ts'
import type { Origin } from './placed-template.ts'
import type { StackScope } from './stack-scope.ts'

/** Gives the gaps of a stack. What was not read from a file Crossdock makes itself: it refers to nothing that is not there. */
export function gapsOf(scope: StackScope): TemplateGap[] {
  const { placed, missing } = scope
  const gaps = [...missing].map(
    (name): TemplateGap => ({ kind: 'parameter', name, origin: originOf(scope, ['Parameters', name]) }),
  )
  if (!placed.file) return gaps
  const add = (kind: TemplateGap['kind'], name: string, path: TemplatePath) => {
    if (!gaps.some((gap) => gap.kind === kind && gap.name === name))
      gaps.push({ kind, name, origin: originOf(scope, path) })
  }
  const { Resources, Outputs = {} } = placed.template
  const present = new Set(scope.resources().map(({ logicalId }) => logicalId))
  for (const [id, { Properties = {} }] of Object.entries(Resources))
    if (present.has(id)) visit(Properties, ['Resources', id, 'Properties'])
  visit(Outputs, ['Outputs'])
  return gaps

  function visit(value: unknown, path: TemplatePath): void {
    if (typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      for (const [index, one] of value.entries()) visit(one, [...path, index])
      return
    }
    const [[name = '', argument] = []] = Object.entries(value)
    for (const reference of referencesOf(name, argument))
      if (!isKnown(reference, scope)) add('reference', reference, path)
    if (name === 'Fn::ImportValue') {
      const imported = scope.imported(argument)
      if (imported.value === undefined) add('export', imported.name, path)
    }
    for (const [key, one] of Object.entries(value)) visit(one, [...path, key])
  }
}

/** The parameters and resources that a function names. */
function referencesOf(name: string, argument: unknown): string[] {
  if (name === 'Ref') return [plainText(argument)]
  if (name === 'Fn::GetAtt')
    return [Array.isArray(argument) ? plainText(argument[0]) : (plainText(argument).split('.')[0] ?? '')]
  if (name !== 'Fn::Sub') return []
  const [text, own = {}] = Array.isArray(argument) ? argument : [argument]
  return [...plainText(text).matchAll(/\$\{([^!{}][^{}]*)\}/g)]
    .map(([, inner = '']) => inner.trim())
    .filter((inner) => !Object.hasOwn((own ?? {}) as object, inner))
    .map((inner) => inner.split('.')[0]!)
}

const isKnown = (name: string, { placed }: StackScope): boolean =>
  Object.hasOwn(placed.template.Resources, name) ||
  Object.hasOwn(placed.template.Parameters ?? {}, name) ||
  (pseudoParameters as readonly string[]).includes(name)

function originOf({ placed }: StackScope, path: TemplatePath): Origin {
  const { target, stack, file, placeOf, template } = placed
  const logicalId = path[0] === 'Resources' ? String(path[1]) : undefined
  return {
    ...target,
    stack,
    ...(logicalId !== undefined && { logicalId, resourceType: entryOf(template.Resources, logicalId)?.Type }),
    ...(file && { file }),
    ...placeOf?.(path),
  }
}
