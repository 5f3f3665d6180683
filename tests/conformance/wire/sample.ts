/** Values for every member of a shape: hostile text, binary bytes, exact numbers, nested to a bounded depth. */
import type { Fields, Member, Shape } from '../../../src/cloud/protocols/index.ts'

const HOSTILE = `<a b="c">&amp; 'q' "d" \\ % + ; = , # ? [x] {y} é ß 日本 🚀 \t tab\nnew\r\nline  two  __proto__`
/** What an HTTP header can carry: clients refuse anything but ASCII. */
const HEADER = `a "b" 'c' <d> & % + ; = \\ e`
/** What a path can carry. */
const LABEL = `a b/c+d%e é 日本`

/** How deep structures are filled; below it only scalars and what is required. */
const DEPTH = 4

export interface SampleOptions {
  /** Values for outermost members that clients themselves check or rewrite, by name. */
  readonly fixed?: Readonly<Record<string, unknown>>
  /** Outermost members that are left out. */
  readonly omit?: (name: string) => boolean
}

/** Fills a structure. `depth` counts down; collections at the bottom stay empty and are left out. */
export function sampleOf(shape: Shape, options: SampleOptions = {}, depth = DEPTH): Fields {
  const result: Fields = {}
  const members = shape.data.union ? shape.members.slice(0, 1) : shape.members
  const required = new Set(shape.data.union ? members.map((one) => one.name) : shape.data.required)
  for (const member of members) {
    if (options.omit?.(member.name)) continue
    const value =
      options.fixed?.[member.name] ??
      sampleMember(member, required.has(member.name) ? Math.max(depth, 2) : depth)
    if (value !== undefined) result[member.name] = value
  }
  return result
}

function sampleMember(member: Member, depth: number): unknown {
  const { shape } = member
  if (shape.data.document) return { free: ['form', 1, true, { [HOSTILE]: null }] }
  switch (shape.type) {
    case 'structure':
      return depth > 0 ? sampleOf(shape, {}, depth - 1) : undefined
    case 'list':
      return sampleList(member, depth)
    case 'map':
      return sampleMap(member, depth)
    case 'string':
      return sampleText(member)
    case 'blob':
      return Buffer.from(Array.from({ length: 256 }, (_, index) => index))
    case 'timestamp':
      return new Date(1_700_000_000_000)
    case 'boolean':
      return true
    case 'integer':
      return member.location === 'statusCode' ? 202 : 2_000_000_011
    case 'long':
      return 2 ** 40 + 7
    case 'float':
    case 'double':
      return 0.125
  }
}

function sampleList(member: Member, depth: number): unknown {
  const element = { ...member.shape.element, location: member.location }
  const first = sampleMember(element, depth - 1)
  if (first === undefined || depth <= 0) return undefined
  const isText = element.shape.type === 'string' && !element.shape.data.enum
  return isText ? [first, member.location === undefined ? '' : 'second', 'third'] : [first, first]
}

function sampleMap(member: Member, depth: number): unknown {
  const value = sampleMember({ ...member.shape.value, location: member.location }, depth - 1)
  if (value === undefined || depth <= 0) return undefined
  if (member.location === 'headers') return { plain: value, 'with-dash': 'b' }
  return { [HOSTILE]: value, plain: value, 'a.b.1.member': value }
}

function sampleText(member: Member): string {
  if (member.shape.data.enum) return member.shape.data.enum[0]!
  // Text in the SDK, a number in botocore.
  if (member.name.endsWith('PartNumberMarker')) return '7'
  switch (member.location) {
    case 'uri':
      return LABEL
    case 'header':
    case 'headers':
      return HEADER
    default:
      return HOSTILE
  }
}
