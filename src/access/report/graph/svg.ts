/** Draws a laid-out graph as SVG: lines have the colour of what they lead to, what fails is red. */
import type { AccessGraph, GraphNode, NodeKind } from './graph.ts'
import { type Layout, layOut, type PlacedLine } from './layout.ts'

const COLORS: Readonly<Record<NodeKind, string>> = {
  pipeline: '#0969da',
  project: '#8250df',
  role: '#1a7f37',
  bucket: '#9a6700',
  key: '#bc4c00',
  stack: '#57606a',
  rule: '#0550ae',
  resource: '#57606a',
}
const FAILED = '#d1242f'
const LINE_COLORS = [...new Set(Object.values(COLORS)), FAILED]

/** Gives the SVG document. Accounts may be named. */
export async function toSvg(
  graph: AccessGraph,
  accountNames: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
  return draw(await layOut(graph, accountNames))
}

function draw({ width, height, groups, nodes, lines }: Layout): string {
  const ordered = [...lines].sort((one, other) => Number(one.relation.failed) - Number(other.relation.failed))
  const byId = new Map(nodes.map(({ node }) => [node.id, node] as const))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" font-family="ui-monospace, Menlo, Consolas, monospace">`,
    '<title>Who acts as whom, and who reads and writes what</title>',
    `<defs>${LINE_COLORS.map(arrow).join('')}</defs>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...groups.map(drawGroup),
    ...ordered.map((line) => drawLine(line, byId)),
    ...nodes.map(drawNode),
    ...ordered.map(drawLabel),
    '</svg>',
  ].join('\n')
}

const arrowId = (color: string): string => `arrow-${color.slice(1)}`

const arrow = (color: string): string =>
  `<marker id="${arrowId(color)}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="${color}"/></marker>`

function drawGroup({ x, y, width, height, title, depth }: Layout['groups'][number]): string {
  const fill = depth ? '#ffffff' : '#f6f8fa'
  const weight = depth ? '' : ' font-weight="bold"'
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${fill}" stroke="#d0d7de"${depth ? ' stroke-dasharray="4 3"' : ''}/><text x="${x + 12}" y="${y + 21}" font-size="13" fill="#24292f"${weight}>${escaped(title)}</text>`
}

function drawNode({ x, y, width, height, node }: Layout['nodes'][number]): string {
  const color = COLORS[node.kind]
  return `<g><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="#ffffff" stroke="${color}" stroke-width="1.5"/><text x="${x + width / 2}" y="${y + 17}" font-size="10" text-anchor="middle" fill="${color}">${escaped(node.what)}</text><text x="${x + width / 2}" y="${y + 33}" font-size="12" text-anchor="middle" fill="#24292f">${escaped(node.label)}</text></g>`
}

function drawLine({ relation, points }: PlacedLine, nodes: ReadonlyMap<string, GraphNode>): string {
  const [first, ...rest] = points
  const [from, to] = [nodes.get(relation.from), nodes.get(relation.to)]
  if (!first || !from || !to) return ''
  const path = `M${first.x} ${first.y}${rest.map(({ x, y }) => ` L${x} ${y}`).join('')}`
  const { failed } = relation
  const color = failed ? FAILED : COLORS[to.kind]
  const told = `${from.label} (${from.account}) ${failed ? 'may not do all of: ' : ''}${relation.verbs.join(', ')} ${to.label} (${to.account})`
  return `<path d="${path}" fill="none" stroke="${color}" stroke-opacity="${failed ? 1 : 0.7}" stroke-width="${failed ? 2.5 : 1.3}" marker-end="url(#${arrowId(color)})"><title>${escaped(told)}</title></path>`
}

function drawLabel({ relation, label }: PlacedLine): string {
  if (!label) return ''
  const { x, y, width, height } = label
  const color = relation.failed ? FAILED : '#57606a'
  const text = relation.failed ? `✖ ${relation.verbs.join(', ')}` : relation.verbs.join(', ')
  return `<rect x="${x - 2}" y="${y}" width="${width + 4}" height="${height}" fill="#ffffff" fill-opacity="0.85"/><text x="${x + width / 2}" y="${y + height - 4}" font-size="10" text-anchor="middle" fill="${color}">${escaped(text)}</text>`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
