/** Reads a CloudFormation template from YAML, short forms included, or from JSON. */
import { parseDocument, type Tags } from 'yaml'
import type { Template } from '../../model/index.ts'

const FUNCTIONS =
  'And Base64 Cidr Condition Equals FindInMap GetAtt GetAZs If ImportValue Join Length Not Or Ref Select Split Sub ToJsonString Transform'.split(
    ' ',
  )

/** AWS: `!Ref X` is `{ Ref: X }`, `!GetAtt A.B` is `{ "Fn::GetAtt": ["A", "B"] }`, any other `!F` is `Fn::F`. */
function longForm(name: string, value: unknown): unknown {
  if (name === 'Ref' || name === 'Condition') return { [name]: value }
  if (name !== 'GetAtt' || typeof value !== 'string') return { [`Fn::${name}`]: value }
  const dot = value.indexOf('.')
  return { 'Fn::GetAtt': [value.slice(0, dot), value.slice(dot + 1)] }
}

const customTags: Tags = FUNCTIONS.flatMap((name) => {
  const ofNode = (node: { toJSON(): unknown }) => longForm(name, node.toJSON())
  return [
    { tag: `!${name}`, resolve: (text: string) => longForm(name, text) },
    { tag: `!${name}`, collection: 'seq' as const, resolve: ofNode },
    { tag: `!${name}`, collection: 'map' as const, resolve: ofNode },
  ]
})

/** Gives the template. Throws: Error that says what is wrong with the text. */
export function parseTemplate(text: string): Template {
  const document = parseDocument(text, { customTags, logLevel: 'silent' })
  const [error] = document.errors
  if (error) throw new Error(error.message)
  const template = document.toJS() as Template | null
  if (typeof template?.Resources !== 'object' || template.Resources === null)
    throw new Error('it has no Resources')
  return template
}
