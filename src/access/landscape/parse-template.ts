/** Reads a CloudFormation template from YAML, short forms included, or from JSON, and tells where what stands in it. */
import { type Alias, type Document, isMap, isSeq, LineCounter, type Node, type Tags, visit } from 'yaml'
import { FleetError, isTooDeepYaml, type Template, yamlDocument } from '../../model/index.ts'
import type { TemplatePath } from '../../template/index.ts'
import { malformedParts } from './malformed-parts.ts'

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

/** Account ids keep their leading zeros, though nobody quoted them. */
const digits = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  test: /^0\d+$/,
  resolve: (text: string) => text,
}

const shortForms = FUNCTIONS.flatMap((name) => {
  const ofNode = (node: { toJSON(): unknown }) => longForm(name, node.toJSON())
  return [
    { tag: `!${name}`, resolve: (text: string) => longForm(name, text) },
    { tag: `!${name}`, collection: 'seq' as const, resolve: ofNode },
    { tag: `!${name}`, collection: 'map' as const, resolve: ofNode },
  ]
})

/** Line and column, from 1. */
export interface TextPosition {
  readonly line: number
  readonly column: number
}

export interface ReadTemplate {
  readonly template: Template
  /** Where something stands, or the innermost thing around it that can be told. */
  readonly placeOf: (path: TemplatePath) => TextPosition
}

/** Gives the template. Errors: FleetError that says what is wrong with the text, and where in the file. */
export const parseTemplate = (text: string, file?: string): Template => readTemplate(text, file).template

/** Gives the template and where what stands in it. Errors: as `parseTemplate`. */
export function readTemplate(text: string, file?: string): ReadTemplate {
  if (isTooDeepYaml(text))
    throw new FleetError('the template is nested too deeply', {
      fix: 'name a CloudFormation template',
      ...(file && { location: { file } }),
    })
  const lines = new LineCounter()
  const document = yamlDocument(text, {
    customTags: (tags): Tags => [digits, ...tags, ...shortForms],
    logLevel: 'silent',
    lineCounter: lines,
    prettyErrors: false,
  })
  const positionAt = (offset: number): TextPosition => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const refuse = (what: string, position: TextPosition | undefined, fix: string): never => {
    throw new FleetError(what, { fix, ...(file && { location: { file, ...position } }) })
  }
  const [error] = document.errors
  if (error)
    return refuse(
      `this is no YAML or JSON: ${sentence(error.message)}`,
      positionAt(error.pos[0]),
      'mend the template there; `aws cloudformation validate-template` reads it the same way',
    )
  const alias = aliasIn(text)
  if (alias)
    return refuse(
      `AWS takes no YAML aliases in templates: *${alias.source}`,
      positionAt(alias.range?.[0] ?? 0),
      `write what &${alias.source} stands for`,
    )
  const placeOf = (path: TemplatePath) => positionAt(offsetOf(document, path))
  const template = document.toJS() as Template | null
  const Resources: unknown = template?.Resources
  if (typeof Resources !== 'object' || Resources === null || Array.isArray(Resources))
    return refuse(
      'it has no Resources',
      Resources === undefined ? undefined : placeOf(['Resources']),
      'name a CloudFormation template: a map with Resources in it',
    )
  const [malformed] = malformedParts(template!)
  if (malformed) return refuse(malformed.what, placeOf(malformed.path), malformed.fix)
  return { template: template!, placeOf }
}

/** The first alias, also one within the short form of a function, whose nodes are values by the time it is read. */
function aliasIn(text: string): Alias | undefined {
  let found: Alias | undefined
  if (/[\s,[{]\*[^\s"'*]/.test(text))
    visit(yamlDocument(text, { logLevel: 'silent' }), {
      Alias: (_key, alias) => {
        found = alias
        return visit.BREAK
      },
    })
  return found
}

/** The parser's message in lower case and on one line. */
const sentence = (message: string): string =>
  message.charAt(0).toLowerCase() + message.slice(1).split('\n')[0]

/** The offset of the innermost node on a path; of its key where it has one. */
function offsetOf(document: Document.Parsed, path: TemplatePath): number {
  let node: Node | null = document.contents
  let offset = node?.range?.[0] ?? 0
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (key as { value?: unknown } | null)?.value === step)
      if (!pair) return offset
      offset = (pair.key as Node).range?.[0] ?? offset
      node = pair.value as Node | null
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined
      if (!item) return offset
      offset = item.range?.[0] ?? offset
      node = item
    } else return offset
  }
  return offset
}
