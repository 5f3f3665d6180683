/** Tells what text a template's value can become, as far as that is known before it is deployed. */
import { entryOf, type Template } from '../../model/index.ts'

export interface TextSurroundings {
  readonly template: Template
  /** Parameter values that the deploy gives. */
  readonly parameters: Readonly<Record<string, string>>
  readonly account: string
  readonly region: string
  readonly stack: string
}

/**
 * Gives every text that a value may become, with `*` for what is known only at run time; nothing when the value may
 * be left out (AWS::NoValue).
 */
export function resolveText(value: unknown, around: TextSurroundings): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)]
  if (typeof value !== 'object' || value === null) return ['*']
  const [[name, argument] = []] = Object.entries(value)
  switch (name) {
    case 'Ref':
      return resolveReference(String(argument), around)
    case 'Fn::Sub':
      return resolveSub(argument, around)
    case 'Fn::Join':
      return resolveJoin(argument, around)
    case 'Fn::If':
      return Array.isArray(argument)
        ? argument.slice(1).flatMap((branch) => resolveText(branch, around))
        : ['*']
    default:
      return ['*']
  }
}

function resolveReference(name: string, around: TextSurroundings): string[] {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': around.account,
    'AWS::Region': around.region,
    'AWS::StackName': around.stack,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  }
  if (name === 'AWS::NoValue') return []
  if (Object.hasOwn(pseudo, name)) return [entryOf(pseudo, name)!]
  if (Object.hasOwn(around.parameters, name)) return [entryOf(around.parameters, name)!]
  const parameter = entryOf(around.template.Parameters, name)
  return [parameter?.Default === undefined ? '*' : String(parameter.Default)]
}

function resolveSub(argument: unknown, around: TextSurroundings): string[] {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}]
  if (typeof text !== 'string') return ['*']
  return product(
    text.split(/(\$\{[^{}]+\})/).map((part) => {
      const [, name] = /^\$\{([^!}]+)\}$/.exec(part) ?? []
      if (!name) return [part.replace('${!', '${')]
      const own = entryOf(variables as Record<string, unknown> | undefined, name.trim())
      return own === undefined ? resolveReference(name.trim(), around) : resolveText(own, around)
    }),
  )
}

function resolveJoin(argument: unknown, around: TextSurroundings): string[] {
  const [separator, parts] = Array.isArray(argument) ? argument : []
  if (typeof separator !== 'string' || !Array.isArray(parts)) return ['*']
  return product(parts.flatMap((part, index) => [...(index ? [[separator]] : []), resolveText(part, around)]))
}

/** Every way to put one text of each part behind the other. */
const product = (parts: readonly (readonly string[])[]): string[] =>
  parts.reduce<string[]>((all, part) => all.flatMap((before) => part.map((text) => before + text)), [''])
