/** A template as somebody wrote it: its data, and where in the text what stands. */
import { isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml'
import type { Template } from '../../model/index.ts'
import { type ProcessPlace, processTemplate } from '../transforms/process.ts'
import { nodesOf, parseTemplate, placeAt, withoutMark } from './parse-template.ts'
import type { Place, TemplateFault, TemplatePath } from './template-fault.ts'
import { shapeFaults } from './template-shape.ts'

export interface TemplateDocument {
  /** Well-formed; whether AWS would take what it says is not asked. Shared, and never changed. */
  readonly template: Template
  /** Names of the transforms that were carried out. */
  readonly transforms: readonly string[]
  /** Where something stands, or the innermost thing around it that can be told. */
  readonly placeOf: (path: TemplatePath) => Place
}

/**
 * Gives the template that a text is, its transforms carried out with the values of its parameters; what `sam package`
 * has still to upload is left open. Errors: TemplateFault where the text is no template, or a transform refuses it.
 */
export function readDocument(
  text: string,
  values: Readonly<Record<string, string>> = {},
  { region, account }: ProcessPlace = { region: 'us-east-1' },
): TemplateDocument {
  // A value that another stack has still to give is none.
  const known = Object.entries(values).filter(([, value]) => !value.startsWith('@'))
  const { template, origin, transforms } = processTemplate(parseTemplate(text), {
    parameters: new Map(known),
    region,
    account,
    artifacts: 'open',
  })
  const [fault] = shapeFaults(template)
  if (fault) throw fault.path ? fault.at(origin(fault.path)) : fault
  const written = placesIn(text)
  return { template: template as unknown as Template, transforms, placeOf: (path) => written(origin(path)) }
}

/** The nodes of a text are made when the first place is asked for: most templates are right. */
export function placesIn(written: string): TemplateDocument['placeOf'] {
  const text = withoutMark(written)
  let nodes: { readonly root: Node | null; readonly lines: LineCounter } | undefined
  return (path) => {
    nodes ??= nodesOf(text)
    return placeAt(offsetOf(nodes.root, path), nodes.lines)
  }
}

/** Gives where in a text the fault is that was found in it; undefined where it is about no part of it. */
export const placeOfFault = (text: string, { place, path }: TemplateFault): Place | undefined =>
  place ?? (path && placesIn(text)(path))

/** The offset of the innermost node on a path; of its key where it has one. */
function offsetOf(root: Node | null, path: TemplatePath): number {
  let node = root
  let offset = node?.range?.[0] ?? 0
  for (const step of path) {
    if (isShortForm(node, step)) continue
    const [start, next] = stepInto(node, step)
    if (next === undefined) return offset
    offset = start ?? offset
    node = next
  }
  return offset
}

/** The node behind a step, null where it is empty, and where it begins; undefined where there is none. */
function stepInto(node: Node | null, step: string | number): [start?: number, next?: Node | null] {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && (key.source ?? key.value) === step)
    return pair ? [(pair.key as Node).range?.[0], pair.value as Node | null] : []
  }
  if (!isSeq(node)) return []
  const item = node.items[Number(step)] as Node | undefined
  return item ? [item.range?.[0], item] : []
}

/** `!Ref A` is `{ Ref: A }` in one node. */
function isShortForm(node: Node | null, step: string | number): boolean {
  const { tag } = (node ?? {}) as { readonly tag?: string }
  return tag !== undefined && (tag === `!${step}` || `Fn::${tag.slice(1)}` === step)
}
