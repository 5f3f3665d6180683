/** Lays the graph out with the Eclipse Layout Kernel: accounts hold regions, regions hold nodes. */
import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js'
import { type AccessGraph, drawnRelations, type GraphNode, type Relation } from './graph.ts'

/** A node or a group with its place in the drawing, in pixels. */
export interface PlacedBox {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface PlacedLine {
  readonly relation: Relation
  readonly points: readonly { readonly x: number; readonly y: number }[]
  readonly label?: PlacedBox
}

export interface Layout {
  readonly width: number
  readonly height: number
  /** Accounts and regions, outermost first. */
  readonly groups: readonly (PlacedBox & { readonly title: string; readonly depth: number })[]
  readonly nodes: readonly (PlacedBox & { readonly node: GraphNode })[]
  readonly lines: readonly PlacedLine[]
}

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.layered.spacing.nodeNodeBetweenLayers': '70',
  'elk.spacing.nodeNode': '24',
  'elk.layered.spacing.edgeNodeBetweenLayers': '24',
  'elk.spacing.edgeEdge': '14',
  'elk.spacing.edgeLabel': '4',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
}
const GROUP = { 'elk.padding': '[top=34,left=16,bottom=16,right=16]' }

const NODE_HEIGHT = 44
const LABEL_HEIGHT = 14
/** Width of a character in the drawing's font, at 12 and at 10 pixels. */
const CHARACTER = { node: 6.9, label: 5.6 }

/** Gives places for everything. */
export async function layOut(graph: AccessGraph, accountNames: ReadonlyMap<string, string>): Promise<Layout> {
  const loaded: { default: unknown } = await import('elkjs/lib/elk.bundled.js')
  const Elk = loaded.default as new () => ELK
  const relations = drawnRelations(graph)
  const drawn = new Set(relations.flatMap(({ from, to }) => [from, to]))
  const nodes = graph.nodes.filter(({ id }) => drawn.has(id))
  const titles = new Map<string, string>()
  const root: ElkNode = {
    id: 'root',
    layoutOptions: OPTIONS,
    children: accountGroups(nodes, accountNames, titles),
    edges: relations.map(edgeOf),
  }
  const placed = await new Elk().layout(root)
  return collect(placed, { nodes: new Map(nodes.map((node) => [node.id, node])), titles, relations })
}

function accountGroups(
  nodes: readonly GraphNode[],
  names: ReadonlyMap<string, string>,
  titles: Map<string, string>,
): ElkNode[] {
  const accounts = [...new Set(nodes.map(({ account }) => account))]
  return accounts.map((account) => {
    const id = `account ${account}`
    titles.set(id, [names.get(account), account || 'elsewhere'].filter(Boolean).join('  '))
    const own = nodes.filter((node) => node.account === account)
    const regions = [...new Set(own.map(({ region }) => region))].filter(Boolean)
    const children = regions.map((region): ElkNode => {
      titles.set(`${id} ${region}`, region)
      return {
        id: `${id} ${region}`,
        layoutOptions: GROUP,
        children: own.filter((node) => node.region === region).map(boxOf),
      }
    })
    const global = own.filter((node) => !node.region).map(boxOf)
    return { id, layoutOptions: GROUP, children: [...global, ...children] }
  })
}

const boxOf = ({ id, label, what }: GraphNode): ElkNode => ({
  id,
  width: Math.max(96, Math.max(label.length, what.length) * CHARACTER.node + 24),
  height: NODE_HEIGHT,
})

/** What is only read is laid out the way its content goes: the hub's buckets before the accounts that read them. */
const isRead = (verbs: Relation['verbs']): boolean =>
  verbs.every((verb) => verb === 'reads' || verb === 'decrypts with')

const edgeOf = ({ from, to, verbs }: Relation, index: number): ElkExtendedEdge => {
  const text = verbs.join(', ')
  return {
    id: `e${index}`,
    sources: [isRead(verbs) ? to : from],
    targets: [isRead(verbs) ? from : to],
    labels: [{ id: `l${index}`, text, width: text.length * CHARACTER.label, height: LABEL_HEIGHT }],
  }
}

interface Known {
  readonly nodes: ReadonlyMap<string, GraphNode>
  readonly titles: ReadonlyMap<string, string>
  readonly relations: readonly Relation[]
}

interface Collected {
  groups: Layout['groups'][number][]
  nodes: Layout['nodes'][number][]
  offsets: Map<string, { x: number; y: number }>
}

/** Turns places inside parents into places in the drawing. */
function collect(root: ElkNode, known: Known): Layout {
  const found: Collected = { groups: [], nodes: [], offsets: new Map([['root', { x: 0, y: 0 }]]) }
  for (const child of root.children ?? []) walk(child, { x: 0, y: 0 }, 0, known, found)
  const lines = (root.edges ?? []).map((edge) => lineOf(edge, known, found))
  return { width: root.width ?? 0, height: root.height ?? 0, groups: found.groups, nodes: found.nodes, lines }
}

function walk(
  element: ElkNode,
  parent: { x: number; y: number },
  depth: number,
  known: Known,
  found: Collected,
): void {
  const { id, width = 0, height = 0 } = element
  const x = parent.x + (element.x ?? 0)
  const y = parent.y + (element.y ?? 0)
  found.offsets.set(id, { x, y })
  const node = known.nodes.get(id)
  if (node) found.nodes.push({ id, x, y, width, height, node })
  else found.groups.push({ id, x, y, width, height, title: known.titles.get(id) ?? id, depth })
  for (const child of element.children ?? []) walk(child, { x, y }, depth + 1, known, found)
}

/** ELK gives an edge's points relative to the group that holds both its ends. */
function lineOf(edge: ElkExtendedEdge, { relations }: Known, { offsets }: Collected): PlacedLine {
  const relation = relations[Number(edge.id.slice(1))]!
  const container = (edge as { container?: string }).container ?? 'root'
  const { x, y } = offsets.get(container) ?? { x: 0, y: 0 }
  const points = (edge.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) =>
    [startPoint, ...bendPoints, endPoint].map((point) => ({ x: point.x + x, y: point.y + y })),
  )
  if (isRead(relation.verbs)) points.reverse()
  const [label] = edge.labels ?? []
  if (!label?.text || label.x === undefined || label.y === undefined) return { relation, points }
  const box = {
    id: label.text,
    x: label.x + x,
    y: label.y + y,
    width: label.width ?? 0,
    height: label.height ?? 0,
  }
  return { relation, points, label: box }
}
