/** Draws a laid-out graph as SVG; what fails is red. */
import type { AccessGraph, NodeKind } from './graph.ts'
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
const LINE = '#8c959f'

/** Gives the SVG document. Accounts may be named. */
export async function toSvg(
  graph: AccessGraph,
  accountNames: ReadonlyMap<string, string> = new Map(),
): Promise<string> {
  return draw(await layOut(graph, accountNames))
}

function draw({ width, height, groups, nodes, lines }: Layout): string {
  const ordered = [...lines].sort((one, other) => Number(one.relation.failed) - Number(other.relation.failed))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" width="${Math.ceil(width)}" height="${Math.ceil(height)}" font-family="ui-monospace, Menlo, Consolas, monospace">`,
    '<title>Who acts as whom, and who reads and writes what</title>',
    `<defs>${arrow('arrow', LINE)}${arrow('arrow-failed', FAILED)}</defs>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...groups.map(drawGroup),
    ...ordered.map(drawLine),
    ...nodes.map(drawNode),
    ...ordered.map(drawLabel),
    '</svg>',
  ].join('\n')
}

const arrow = (id: string, color: string): string =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="${color}"/></marker>`

function drawGroup({ x, y, width, height, title, depth }: Layout['groups'][number]): string {
  const fill = depth ? '#ffffff' : '#f6f8fa'
  const weight = depth ? '' : ' font-weight="bold"'
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${fill}" stroke="#d0d7de"${depth ? ' stroke-dasharray="4 3"' : ''}/><text x="${x + 12}" y="${y + 21}" font-size="13" fill="#24292f"${weight}>${escaped(title)}</text>`
}

function drawNode({ x, y, width, height, node }: Layout['nodes'][number]): string {
  const color = COLORS[node.kind]
  return `<g><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="#ffffff" stroke="${color}" stroke-width="1.5"/><text x="${x + width / 2}" y="${y + 17}" font-size="10" text-anchor="middle" fill="${color}">${escaped(node.what)}</text><text x="${x + width / 2}" y="${y + 33}" font-size="12" text-anchor="middle" fill="#24292f">${escaped(node.label)}</text></g>`
}

function drawLine({ relation, points }: PlacedLine): string {
  const [first, ...rest] = points
  if (!first) return ''
  const path = `M${first.x} ${first.y}${rest.map(({ x, y }) => ` L${x} ${y}`).join('')}`
  const { failed } = relation
  return `<path d="${path}" fill="none" stroke="${failed ? FAILED : LINE}" stroke-width="${failed ? 2.5 : 1.2}" marker-end="url(#${failed ? 'arrow-failed' : 'arrow'})"/>`
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
