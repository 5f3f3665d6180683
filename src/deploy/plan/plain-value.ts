/** Template values as a person reads them: names where they are known, `${Key.Arn}` where only AWS will tell. */
import { entryOf, type TemplateResource } from '../../model/index.ts'
import type { Version } from './resource-changes.ts'

/** Properties that resources are named by. */
const NAMES = [
  'RoleName',
  'UserName',
  'ManagedPolicyName',
  'BucketName',
  'TopicName',
  'QueueName',
  'FunctionName',
  'AliasName',
  'RepositoryName',
  'Name',
] as const

/** Gives a resource's name: its own where the template gives it one, else its logical id. */
export function nameOf(id: string, { Properties = {} }: TemplateResource): string {
  const named = NAMES.map((key) => entryOf(Properties, key)).find((one) => typeof one === 'string')
  return (named as string | undefined) ?? id
}

/** Gives the value as text, or as texts where it is a list. */
export function plainTexts(value: unknown, version: Version): string[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((one) =>
    plainText(one, version),
  )
}

export function plainText(value: unknown, version: Version): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const [name = '', argument] = Object.entries(value)[0] ?? []
  if (name === 'Ref' && typeof argument === 'string') return referred(argument, version)
  if (name === 'Fn::GetAtt') return `\${${[argument].flat().join('.')}}`
  if (name === 'Fn::Sub' && typeof argument === 'string')
    return argument.replace(/\$\{([^}!]+)\}/g, (_, one: string) => referred(one, version))
  return JSON.stringify(value)
}

function referred(name: string, { template, parameters }: Version): string {
  const parameter = entryOf(parameters, name)
  if (parameter !== undefined) return parameter
  const resource = entryOf(template.Resources, name)
  const known = resource && nameOf(name, resource)
  return known === undefined || known === name ? `\${${name}}` : known
}
