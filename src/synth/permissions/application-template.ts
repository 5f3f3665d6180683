/** Reads the application's own template as far as permissions depend on it. */
import { readFileSync } from 'node:fs'
import type { Tags } from 'yaml'
import { isTooDeepYaml, type Template, yamlDocument } from '../../model/index.ts'

const SHORT_FORMS = [
  'And', 'Base64', 'Cidr', 'Condition', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join',
  'Length', 'Not', 'Or', 'Ref', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform',
] // biome-ignore format: a word list

/** AWS: `!Ref X` is short for `{ Ref: X }`, `!Sub X` for `{ "Fn::Sub": X }`, `!GetAtt A.B` names two things at once. */
function expandShortForm(name: string, value: unknown): unknown {
  if (name === 'Ref' || name === 'Condition') return { [name]: value }
  if (name === 'GetAtt' && typeof value === 'string') {
    const dot = value.indexOf('.')
    return { 'Fn::GetAtt': [value.slice(0, dot), value.slice(dot + 1)] }
  }
  return { [`Fn::${name}`]: value }
}

/** Account ids keep their leading zeros, though nobody quoted them. */
const digits = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  test: /^0\d+$/,
  resolve: (text: string) => text,
}

const shortForms = SHORT_FORMS.flatMap((name) => [
  { tag: `!${name}`, resolve: (text: string) => expandShortForm(name, text) },
  {
    tag: `!${name}`,
    collection: 'seq' as const,
    resolve: (node: { toJSON(): unknown }) => expandShortForm(name, node.toJSON()),
  },
  {
    tag: `!${name}`,
    collection: 'map' as const,
    resolve: (node: { toJSON(): unknown }) => expandShortForm(name, node.toJSON()),
  },
])

/** Gives the template in YAML or JSON text. Throws: Error that says what is wrong with it. */
export function parseTemplate(text: string): Template {
  if (isTooDeepYaml(text)) throw new Error('it is nested too deeply')
  const document = yamlDocument(text, {
    customTags: (tags): Tags => [digits, ...tags, ...shortForms],
    logLevel: 'silent',
  })
  const [error] = document.errors
  if (error) throw new Error(error.message)
  const template = document.toJS() as Template | null
  if (typeof template?.Resources !== 'object') throw new Error('it has no Resources')
  return template
}

/** Gives the template in a file; undefined when there is no such file. */
export function readTemplate(path: string): Template | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  return parseTemplate(text)
}

/** Gives the capabilities that a template asks for. AWS: IAM resources need one, named ones another, macros a third. */
export function capabilitiesOf(template: Template, transforms: readonly string[]): string[] {
  const iam = Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'))
  const named = iam.some(({ Properties = {} }) =>
    ['RoleName', 'UserName', 'GroupName', 'ManagedPolicyName', 'InstanceProfileName'].some((name) =>
      Object.hasOwn(Properties, name),
    ),
  )
  return [
    ...(named ? ['CAPABILITY_NAMED_IAM'] : iam.length || transforms.length ? ['CAPABILITY_IAM'] : []),
    ...(transforms.length ? ['CAPABILITY_AUTO_EXPAND'] : []),
  ]
}
