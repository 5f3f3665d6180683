/** The graph as a Mermaid flowchart. */
import { type AccessGraph, drawnRelations, type GraphNode, type NodeKind } from './graph.ts'

const SHAPES: Readonly<Record<NodeKind, readonly [string, string]>> = {
  pipeline: ['[[', ']]'],
  project: ['[/', '/]'],
  role: ['([', '])'],
  bucket: ['[(', ')]'],
  key: ['{{', '}}'],
  stack: ['[', ']'],
  rule: ['>', ']'],
  resource: ['[', ']'],
}

/** Gives the text; accounts and regions are subgraphs, what fails is red. */
export function toMermaid(graph: AccessGraph, accountNames: ReadonlyMap<string, string> = new Map()): string {
  const ids = new Map(graph.nodes.map(({ id }, index) => [id, `n${index}`]))
  const relations = drawnRelations(graph)
  const drawn = new Set(relations.flatMap(({ from, to }) => [from, to]))
  const nodes = graph.nodes.filter(({ id }) => drawn.has(id))
  const lines = ['flowchart LR']
  const accounts = [...new Set(nodes.map(({ account }) => account))]
  accounts.forEach((account, index) => {
    const own = nodes.filter((node) => node.account === account)
    lines.push(
      `  subgraph a${index}["${title(account, accountNames)}"]`,
      ...accountLines(own, index, ids),
      '  end',
    )
  })
  for (const { from, to, verbs } of relations)
    lines.push(`  ${ids.get(from)} -->|${verbs.join(', ')}| ${ids.get(to)}`)
  const failed = relations.flatMap((relation, index) => (relation.failed ? [index] : []))
  if (failed.length)
    lines.push(`  linkStyle ${failed.join(',')} stroke:#d1242f,stroke-width:3px,color:#d1242f`)
  return lines.join('\n')
}

function accountLines(
  nodes: readonly GraphNode[],
  account: number,
  ids: ReadonlyMap<string, string>,
): string[] {
  const regions = [...new Set(nodes.map(({ region }) => region))].sort()
  return regions.flatMap((region, index) => {
    const own = nodes.filter((node) => node.region === region)
    const lines = own.map((node) => nodeLine(node, ids))
    if (!region) return lines.map((line) => `    ${line}`)
    return [
      `    subgraph a${account}r${index}["${region}"]`,
      ...lines.map((line) => `      ${line}`),
      '    end',
    ]
  })
}

function nodeLine({ id, kind, label }: GraphNode, ids: ReadonlyMap<string, string>): string {
  const [open, close] = SHAPES[kind]
  return `${ids.get(id)}${open}"${escaped(label)}"${close}`
}

const escaped = (text: string): string =>
  text.replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;')

const title = (account: string, names: ReadonlyMap<string, string>): string =>
  names.has(account) ? `${names.get(account)} ${account}` : account || 'elsewhere'
