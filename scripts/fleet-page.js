/** The page of every key of a fleet file, made of its JSON Schema and of a fleet file that has every key. */
import { stringify } from 'yaml'

/** Stands between what a key means and what it becomes on AWS. */
const BECOMES = ' → '

/**
 * Gives the page as Markdown.
 * Throws: Error naming every key that has no example or is not explained.
 */
export function fleetPage(schema, reference) {
  const sections = sectionsOf(schema, reference)
  const lacking = sections.flatMap(({ rows }) =>
    rows.flatMap(({ path, example, meaning }) => {
      if (example === undefined) return `${path} stands nowhere in docs/fleet-reference.yaml`
      return meaning ? [] : `${path} has no description`
    }),
  )
  if (lacking.length) throw new Error(lacking.join('\n'))
  return [HEAD, ...sections.map(render)].join('\n')
}

const HEAD = `# The fleet file

Every key, what it means, and what it becomes on AWS. \`npm run generate fleet\` writes this page from the schema that reads
fleet files, with the examples of [\`docs/fleet-reference.yaml\`](fleet-reference.yaml). \`crossdock schema\` prints the same schema
for editors: \`# yaml-language-server: $schema=./node_modules/crossdock/fleet.schema.json\` on the first line of a
fleet file makes them complete and check it. In \`crossdock.config.ts\` \`defineFleet\` has its types.

Errors are told all at once, each with its line and what to write instead. Keys at the top that begin with \`x-\` are
ignored: a place for YAML's anchors.
`

/** Walks schema and example together; a map that comes again is explained where it comes first. */
function sectionsOf(schema, reference) {
  const sections = new Map()
  const walk = (node, path, found) => {
    const maps = alternatives(node).filter((one) => one.properties)
    for (const map of maps) {
      const telling = tellingKey(map, maps)
      const own = found.filter((value) => isMap(value) && (telling === undefined || telling in value))
      const key = identityOf(map)
      const section = sections.get(key) ?? { path, telling, map, found: [], around: [] }
      sections.set(key, section)
      section.found.push(...own)
      section.around.push(...found.filter(isMap))
      for (const [name, child] of Object.entries(map.properties)) {
        const values = own.flatMap((value) => (name in value ? [value[name]] : []))
        walk(child, path ? `${path}.${name}` : name, values)
      }
    }
    for (const one of alternatives(node)) {
      if (typeof one.additionalProperties === 'object')
        walk(one.additionalProperties, `${path}.<name>`, found.filter(isMap).flatMap(Object.values))
      if (one.items) walk(one.items, `${path}[]`, found.filter(Array.isArray).flat())
    }
  }
  walk(schema, '', [reference])
  const all = [...sections.values()]
  for (const [index, section] of all.entries()) {
    section.shared = sharedWith(section, all.slice(0, index))
    section.shared?.first.around.push(...section.found)
  }
  return all.map((section) => ({ ...section, rows: rowsOf(section, sections) }))
}

/** How many keys two maps have in common when it is not worth telling them twice. */
const ALIKE = 8

/** What is told of a key beside its default. */
const told = ({ default: _, ...rest }) => JSON.stringify(rest)

/** The first map that has most of the keys of another, and which. */
function sharedWith({ map }, earlier) {
  for (const first of earlier) {
    const names = Object.keys(map.properties).filter(
      (name) => first.map.properties[name] && told(map.properties[name]) === told(first.map.properties[name]),
    )
    if (names.length >= ALIKE) return { first, names }
  }
  return undefined
}

function rowsOf({ map, path, found, around, shared }, sections) {
  const own = Object.entries(map.properties).filter(([name]) => !shared?.names.includes(name))
  return own.map(([name, node]) => {
    const [meaning, becomes = ''] = (descriptionOf(node) ?? '').split(BECOMES)
    const value = [...found, ...around].find((one) => one[name] !== undefined && one[name] !== null)?.[name]
    const initial = defaultOf(node)
    const required = map.required?.includes(name) && initial === undefined
    return {
      name,
      path: path ? `${path}.${name}` : name,
      type: typeOf(node, sections),
      fallback: required ? 'required' : initial === undefined ? '' : code(flow(initial)),
      meaning,
      becomes,
      example: value === undefined ? undefined : shown(value),
    }
  })
}

const titleOf = ({ path, telling }) =>
  path ? `\`${path}\`${telling ? ` with \`${telling}\`` : ''}` : 'At the top'

function render({ path, telling, rows, shared }) {
  const first = shared?.first
  const elsewhere = first
    ? [
        `As in [${titleOf(first)}](#${anchor(first.path, first.telling)}): ${shared.names.map(code).join(', ')}.`,
        '',
      ]
    : []
  if (!rows.length) return [`## ${titleOf({ path, telling })}`, '', ...elsewhere].join('\n')
  return [
    `## ${titleOf({ path, telling })}`,
    '',
    ...elsewhere,
    '| key | what stands there | without it | meaning | on AWS | example |',
    '|---|---|---|---|---|---|',
    ...rows.map(
      ({ name, type, fallback, meaning, becomes, example }) =>
        `| \`${name}\` | ${[type, fallback, meaning, becomes].map(cell).join(' | ')} | ${example} |`,
    ),
    '',
  ].join('\n')
}

const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What may stand in one place, one by one. */
const alternatives = (node) => (node.anyOf ? node.anyOf.flatMap(alternatives) : [node])

const descriptionOf = (node) => node.description ?? node.anyOf?.map(descriptionOf).find(Boolean)

const defaultOf = (node) => node.default ?? node.anyOf?.map(defaultOf).find((one) => one !== undefined)

/** A map is the same whatever is said of it where it stands. */
const identityOf = ({ description, default: _, ...rest }) => JSON.stringify(rest)

/** The key that only this one of several maps must have. */
const tellingKey = (map, maps) =>
  maps.length < 2
    ? undefined
    : map.required?.find((key) => maps.every((other) => other === map || !(key in other.properties)))

function typeOf(node, sections) {
  const names = alternatives(node).map((one) => {
    if (one.const !== undefined) return code(String(one.const))
    if (one.enum) return one.enum.map(code).join(', ')
    if (one.properties) {
      const { path, telling } = sections.get(identityOf(one))
      return `[map](#${anchor(path, telling)})`
    }
    if (one.additionalProperties) return `map of ${typeOf(one.additionalProperties, sections)}`
    if (one.items) return `list of ${typeOf(one.items, sections)}`
    if (one.type === undefined) return 'anything'
    return (
      { string: 'text', integer: 'number', boolean: 'true or false' }[one.type] ??
      String([one.type].flat()[0])
    )
  })
  const told = [...new Set(names)]
    .filter((name) => name !== 'null')
    .map((name) => (name === 'string' ? 'text' : name))
  // A number or a boolean where text stands is taken as it is written.
  return told.join(' | ') === 'text | number | true or false' ? 'text' : told.join(' or ')
}

/** GitHub's anchor of a heading. */
const anchor = (path, telling) =>
  (path ? `${path}${telling ? ` with ${telling}` : ''}` : 'At the top')
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-')

const flow = (value) =>
  stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim()

const code = (text) => `\`${text}\``
const cell = (text) => text.replaceAll('|', '\\|')

/** An example that a cell has room for. */
function shown(value) {
  const text = flow(value).replaceAll('|', '\\|')
  return text.includes('\n') || text.length > 90 ? 'see the file' : code(text)
}
