/** Turns botocore's service models into the compact models that the embedded cloud's codec reads. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { droppedOperations, queryErrorCodes, retypedShapes, rootElements, services } from './model-choices.js'

const target = new URL('../src/cloud/protocols/models/', import.meta.url)

/** Writes one `<service>.json` per service and prints what was left out. */
export async function generateModels() {
  const script = fileURLToPath(new URL('./botocore-models.py', import.meta.url))
  const output = execFileSync('python3', [script, ...services], { maxBuffer: 2 ** 28 })
  const { version, models } = JSON.parse(output.toString())
  mkdirSync(target, { recursive: true })
  const skippedPatterns = []
  let total = 0
  for (const [service, source] of Object.entries(models)) {
    const text = render(compact(service, source, skippedPatterns))
    writeFileSync(new URL(`${service}.json`, target), text)
    total += text.length
  }
  console.log(`${services.length} models from botocore ${version}, ${Math.round(total / 1024)} KB`)
  for (const line of skippedPatterns) console.log(`pattern that JavaScript cannot compile: ${line}`)
}

/** One line per operation and per shape, so that a new botocore gives a readable diff. */
function render(model) {
  const { operations, shapes, ...head } = model
  const block = (entries) =>
    Object.entries(entries)
      .map(([name, value]) => `  ${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join(',\n')
  const lines = Object.entries(head).map(([name, value]) => `"${name}":${JSON.stringify(value)},`)
  return `{${lines.join('\n')}\n"operations":{\n${block(operations)}\n},\n"shapes":{\n${block(shapes)}\n}}\n`
}

function compact(service, source, skippedPatterns) {
  const { metadata } = source
  for (const [name, type] of Object.entries(retypedShapes[service] ?? {})) source.shapes[name] = { type }
  for (const [name, code] of Object.entries(queryErrorCodes[service] ?? {}))
    source.shapes[name].error = { code }
  const dropped = new Set(droppedOperations[service] ?? [])
  const operations = {}
  const used = new Map()
  for (const [name, operation] of Object.entries(source.operations).sort(byName)) {
    if (dropped.has(name)) continue
    operations[name] = compactOperation(operation, source.shapes, rootElements[service]?.[name])
    const roots = operations[name].eventStream ? [] : [operation.input?.shape, operation.output?.shape]
    roots.push(...(operation.errors ?? []).map((error) => error.shape))
    for (const root of roots) if (root) collect(root, source.shapes, used)
  }
  for (const [name, shape] of Object.entries(source.shapes))
    if (shape.exception) collect(name, source.shapes, used)
  const shapes = {}
  for (const name of [...used.keys()].sort()) {
    const shape = source.shapes[name]
    if (isBare(shape)) continue
    if (scalarTypes.includes(name)) throw new Error(`${service}: the shape ${name} hides the scalar type`)
    shapes[name] = compactShape(`${service} ${name}`, shape, source.shapes, skippedPatterns)
  }
  return defined({
    service,
    protocol: metadata.protocol,
    jsonVersion: metadata.jsonVersion,
    apiVersion: metadata.apiVersion,
    targetPrefix: metadata.targetPrefix,
    xmlNamespace:
      metadata.protocol === 'rest-xml' ? 'http://s3.amazonaws.com/doc/2006-03-01/' : metadata.xmlNamespace,
    signingName: metadata.signingName ?? metadata.endpointPrefix,
    queryErrors: metadata.awsQueryCompatible ? true : undefined,
    operations,
    shapes,
  })
}

function compactOperation(operation, shapes, rootElement) {
  const checksum = operation.httpChecksum ?? {}
  const isStream = [operation.input, operation.output].some((io) => io && hasEventStream(io.shape, shapes))
  const unsigned = operation.authtype === 'none' || operation.auth?.includes('smithy.api#noAuth')
  const { method, requestUri, responseCode } = operation.http
  return defined({
    method: method === 'POST' ? undefined : method,
    uri: requestUri === '/' ? undefined : requestUri,
    status: responseCode === 200 ? undefined : responseCode,
    input: isStream ? undefined : operation.input?.shape,
    output: isStream ? undefined : operation.output?.shape,
    wrapper: operation.output?.resultWrapper,
    root: rootElement,
    errors: operation.errors?.map((error) => error.shape),
    unsigned: unsigned || undefined,
    eventStream: isStream || undefined,
    checksumRequired: checksum.requestChecksumRequired || undefined,
  })
}

function hasEventStream(name, shapes) {
  const members = Object.values(shapes[name].members ?? {})
  return members.some((member) => shapes[member.shape].eventstream)
}

/** Marks every shape that can be reached from `name`. */
function collect(name, shapes, used) {
  if (used.has(name)) return
  used.set(name, true)
  const { members, member, key, value } = shapes[name]
  for (const reference of [...Object.values(members ?? {}), member, key, value]) {
    if (reference) collect(reference.shape, shapes, used)
  }
}

const scalarTraits = ['min', 'max', 'pattern', 'enum', 'sensitive', 'timestampFormat', 'streaming']

const scalarTypes = 'string integer long float double boolean timestamp blob'.split(' ')

/** A scalar without constraints is written as its type's name and needs no line of its own. */
function isBare(shape) {
  if (['structure', 'list', 'map'].includes(shape.type)) return false
  return scalarTraits.every((trait) => shape[trait] === undefined)
}

function compactShape(name, shape, shapes, skippedPatterns) {
  const members = shape.members && Object.entries(shape.members)
  return defined({
    type: shape.type,
    members: members && Object.fromEntries(members.map(([key, member]) => [key, reference(member, shapes)])),
    required: shape.required?.length > 0 ? shape.required : undefined,
    payload: shape.payload,
    member: shape.member && reference(shape.member, shapes),
    key: shape.key && reference(shape.key, shapes),
    value: shape.value && reference(shape.value, shapes),
    flattened: shape.flattened,
    xmlNamespace: shape.xmlNamespace?.uri,
    document: shape.document,
    union: shape.union,
    min: shape.min,
    max: shape.max,
    enum: shape.enum,
    sensitive: shape.sensitive,
    timestampFormat: shape.timestampFormat,
    streaming: shape.streaming,
    ...compactPattern(name, shape.pattern, skippedPatterns),
    ...(shape.exception ? { error: compactError(shape) } : {}),
  })
}

function compactError(shape) {
  const { code, httpStatusCode } = shape.error ?? {}
  return defined({ code, status: httpStatusCode, fault: shape.fault || undefined })
}

function reference(member, shapes) {
  const shape = shapes[member.shape]
  const traits = defined({
    location: member.location,
    name: member.locationName ?? shape.locationName,
    flattened: member.flattened,
    attribute: member.xmlAttribute,
    xmlNamespace: member.xmlNamespace?.uri,
    streaming: member.streaming,
    timestampFormat: member.timestampFormat,
    token: member.idempotencyToken,
  })
  const name = isBare(shape) ? shape.type : member.shape
  return Object.keys(traits).length === 0 ? name : { shape: name, ...traits }
}

/** AWS's patterns are Java's and must match the whole value; `flags` says how JavaScript reads them alike. */
function compactPattern(name, pattern, skippedPatterns) {
  if (pattern === undefined) return {}
  for (const flags of ['u', '']) {
    try {
      new RegExp(`^(?:${pattern})$`, flags)
      return flags === 'u' ? { pattern } : { pattern, patternFlags: flags }
    } catch {}
  }
  skippedPatterns.push(`${name} ${pattern}`)
  return {}
}

function defined(record) {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}

function byName([a], [b]) {
  return a < b ? -1 : 1
}
