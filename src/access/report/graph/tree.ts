/** The graph as a tree of text, from each pipeline down to what it reaches. */
import { type AccessGraph, drawnRelations, type GraphNode, placeOf, type Relation } from './graph.ts'

export interface TreeLine {
  readonly text: string
  readonly failed: boolean
}

/** Verbs whose object acts on its own. */
const GOES_ON = new Set(['acts as', 'assumes', 'builds', 'deploys', 'starts'])

/** Gives the lines; what was shown before is named again but not gone into. */
export function toTree(graph: AccessGraph): TreeLine[] {
  const relations = drawnRelations(graph)
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const roots = graph.nodes.filter(
    ({ id, kind }) => (kind === 'pipeline' || kind === 'rule') && !relations.some(({ to }) => to === id),
  )
  const seen = new Set<string>()
  return roots.flatMap((root) => {
    const own: TreeLine = { text: `${root.label}  ${root.what}, ${placeOf(root)}`, failed: false }
    return [own, ...branches(root, { relations, byId, seen }, '')]
  })
}

interface Walk {
  readonly relations: readonly Relation[]
  readonly byId: ReadonlyMap<string, GraphNode>
  readonly seen: Set<string>
}

function branches(node: GraphNode, walk: Walk, indent: string): TreeLine[] {
  if (walk.seen.has(node.id)) return []
  walk.seen.add(node.id)
  const own = walk.relations.filter(({ from, to }) => from === node.id && walk.byId.has(to))
  return own.flatMap((relation, index) => {
    const last = index === own.length - 1
    const to = walk.byId.get(relation.to)!
    const again = walk.seen.has(to.id) && goesOn(relation) ? ' (above)' : ''
    const text = `${indent}${last ? '└─' : '├─'} ${relation.verbs.join(', ')} ${to.label}  ${to.what}, ${placeOf(to)}${keyOf(to, walk)}${again}`
    const line: TreeLine = { text, failed: relation.failed }
    const below = goesOn(relation) ? branches(to, walk, `${indent}${last ? '   ' : '│  '}`) : []
    return [line, ...below]
  })
}

const goesOn = ({ verbs }: Relation): boolean => verbs.some((verb) => GOES_ON.has(verb))

function keyOf({ id, kind }: GraphNode, { relations, byId }: Walk): string {
  if (kind !== 'bucket') return ''
  const key = relations.find(({ from, verbs }) => from === id && verbs.includes('is encrypted with'))
  const found = key && byId.get(key.to)
  return found ? `, with the key ${found.label}` : ''
}
