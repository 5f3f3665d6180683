/** Every operation of every generated model, there and back through botocore over a real socket. */

import { spawn, spawnSync } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { botocoreNames, services } from '../../../scripts/model-choices.js'
import {
  decode,
  encode,
  encodeError,
  type Fields,
  type OperationModel,
  route,
  type ServiceModel,
  spoken,
  type WireRequest,
  type WireResponse,
} from '../../../src/cloud/protocols/index.ts'
import { AwsError } from '../../../src/model/index.ts'
import { addressees } from './addressees.ts'
import { authenticateAndRead } from './authenticated.ts'
import { collected, difference, plain } from './compare.ts'
import { botocoreExceptions } from './exceptions.ts'
import { sampleOf } from './sample.ts'
import { addedByClient, inputOptions, outputOptions } from './sample-options.ts'

interface Call {
  readonly id: string
  readonly service: string
  readonly operation: string
  readonly input: unknown
  readonly output: unknown
  /** The error shape that the call is answered with. */
  readonly error?: string
}

interface Outcome {
  readonly id: string
  readonly unknown?: boolean
  readonly sent?: Fields
  readonly expected?: Fields
  readonly got?: Fields
  /** The class of the exception. */
  readonly error?: string
  readonly message?: string
  readonly response?: { readonly Error?: Fields } & Fields
}

const script = fileURLToPath(new URL('./botocore-calls.py', import.meta.url))
const hasBotocore = spawnSync('python3', ['-c', 'import botocore']).status === 0
const reason = hasBotocore ? '' : ' (skipped: python3 with botocore is not installed)'

const operationsOf = (model: ServiceModel): OperationModel[] =>
  [...model.operations.values()].filter((one) => !one.eventStream)

describe.skipIf(!hasBotocore)(`botocore${reason}`, () => {
  let server: Server
  let answer: (wire: WireRequest) => Promise<WireResponse>

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      const [path, query = ''] = (request.url ?? '').split(/\?(.*)/s)
      const headers = request.headers as Record<string, string>
      const pieces: Buffer[] = []
      for await (const piece of request) pieces.push(piece)
      const body = Buffer.concat(pieces)
      const wire = { method: request.method!, path: path!, query, headers, host: headers.host!, body }
      const answered = await answer(wire)
      response.writeHead(answered.status, answered.headers).end(answered.body as Buffer)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })

  afterAll(() => server.close())

  /** Makes the calls one after the other; the answers come from `answer`. */
  async function run(calls: readonly Call[]): Promise<Outcome[]> {
    const child = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin.end(JSON.stringify({ port: (server.address() as AddressInfo).port, calls }))
    const outcomes: Outcome[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      const outcome = JSON.parse(line)
      if (outcome.id !== undefined) outcomes.push(outcome)
    }
    return outcomes
  }

  test('every operation arrives as sent and is parsed as answered', { timeout: 120_000 }, async () => {
    const calls: Call[] = services.flatMap((service) => {
      const model = addressees.model(service)
      return operationsOf(model).map((operation) => ({
        id: `${service} ${operation.name}`,
        service: botocoreNames[service] ?? service,
        operation: operation.name,
        input: operation.input ? plain(sampleOf(operation.input, inputOptions(model, operation))) : {},
        output: operation.output ? plain(sampleOf(operation.output, outputOptions(model, operation))) : {},
      }))
    })
    const arrived = new Map<string, Fields>()
    answer = async (wire) => {
      const model = spoken(addressees.model(addressees.of(serviceOf(wire)).service), wire)
      try {
        const operation = route(model, wire)
        const read = await authenticateAndRead(model, operation, wire)
        arrived.set(`${model.name} ${operation.name}`, await collected(decode(model, operation, read)))
        const output = operation.output ? sampleOf(operation.output, outputOptions(model, operation)) : {}
        return encode(model, operation, output, 'request-1')
      } catch (error) {
        const known = error instanceof AwsError ? error : new AwsError('Bug', String(error), { status: 500 })
        return encodeError(model, undefined, known, 'request-1')
      }
    }
    const outcomes = await run(calls)
    const failures = new Map<string, string>()
    for (const outcome of outcomes) {
      const failure = judge(outcome, arrived.get(outcome.id))
      if (failure !== undefined) failures.set(outcome.id, failure)
    }
    expect(outcomes.length).toBe(calls.length)
    expect([...failures].filter(([id]) => !(id in botocoreExceptions))).toEqual([])
    expect(Object.keys(botocoreExceptions).filter((id) => !failures.has(id))).toEqual([])
  })

  test('every modelled error becomes its exception class', { timeout: 120_000 }, async () => {
    const calls: Call[] = []
    const errors = new Map<string, { model: ServiceModel; error: AwsError }>()
    for (const service of services) {
      const model = addressees.model(service)
      const operation = operationsOf(model).find((one) => one.method !== 'HEAD')!
      for (const name of errorNames(model)) {
        const id = `${service} ${name}`
        const fields = sampleOf(model.error(name)!, { omit: (one) => /^([mM]essage|Type)$/.test(one) })
        errors.set(id, { model, error: new AwsError(name, 'Said <no>', { fields }) })
        const input = operation.input ? plain(sampleOf(operation.input, inputOptions(model, operation))) : {}
        const called = botocoreNames[service] ?? service
        calls.push({ id, service: called, operation: operation.name, input, output: {}, error: name })
      }
    }
    answer = async (wire) => {
      const { model, error } = errors.get(wire.headers['x-call-id']!)!
      return encodeError(spoken(model, wire), undefined, error, 'request-1')
    }
    const failures: string[] = []
    const outcomes = await run(calls)
    for (const { id, unknown, error, message } of outcomes) {
      if (unknown) continue
      const [service, name] = id.split(' ') as [string, string]
      const model = addressees.model(service)
      const hasOwnCode = model.protocol === 'query' || model.queryErrors
      const code = (hasOwnCode && model.error(name)!.data.error?.code) || name
      // Where two errors have the same code, clients of the query protocol's successors cannot tell them apart.
      const isMeant = error === name || model.error(error ?? '')?.data.error?.code === code
      if (!isMeant || !message?.includes(`(${code})`)) failures.push(`${id} became ${error}: ${message}`)
      else if (!message.endsWith('Said <no>')) failures.push(`${id} says ${message}`)
    }
    expect(failures).toEqual([])
    expect(outcomes.length).toBe(calls.length)
  })
})

/** The names of a service's error shapes. */
function errorNames(model: ServiceModel): string[] {
  const names = [...model.operations.values()].flatMap((one) => one.errors)
  return [...new Set(names)]
}

const serviceOf = (wire: WireRequest): string => {
  const scope = /Credential=([^,]+)/.exec(wire.headers.authorization ?? '')?.[1]
  return scope?.split('/')[3] ?? 'sts'
}

function judge(outcome: Outcome, arrived: Fields | undefined): string | undefined {
  if (outcome.unknown) return undefined
  if (outcome.error !== undefined) return `${outcome.error}: ${outcome.message}`
  if (arrived === undefined) return 'was routed to another operation'
  const model = addressees.model(outcome.id.split(' ')[0]!)
  const own = (fields: Fields, other: Fields): Fields =>
    Object.fromEntries(
      Object.entries(fields).filter(([name]) => name in other || !addedByClient(model, name)),
    )
  const xml = model.protocol === 'rest-xml'
  const read = own(arrived, outcome.sent!)
  const input = xml
    ? difference(withLineFeeds(outcome.sent), withLineFeeds(plain(read)))
    : difference(outcome.sent, read)
  if (input !== undefined) return `input ${input}`
  const output = difference(outcome.expected, own(outcome.got!, outcome.expected!))
  return output === undefined ? undefined : `output ${output}`
}

/** botocore writes carriage returns into XML as they are, and every XML parser must read them as line feeds. */
function withLineFeeds(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('\\r\\n', '\\n'))
}
