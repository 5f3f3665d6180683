/** The compact service models: loaded on first use, shapes linked on first use. */
import { readFileSync } from 'node:fs'
import { modelled } from '../generated/modelled.ts'
import type { Wire } from '../kernel/wire.ts'
import type {
  ModelData,
  OperationData,
  Protocol,
  ReferenceData,
  ShapeData,
  TimestampFormat,
} from './model-data.ts'
import { inQuery } from './query-dialect.ts'

/** A member of a structure, or the element, key or value of a collection: a shape and how it is bound there. */
export interface Member {
  /** The member's name in inputs and outputs. */
  readonly name: string
  /** Its name on the wire. */
  readonly wireName: string
  /** Whether the model gives a wire name of its own. */
  readonly renamed: boolean
  readonly shape: Shape
  readonly location?: ReferenceData['location']
  readonly flattened: boolean
  readonly attribute: boolean
  readonly xmlNamespace?: string
  readonly streaming: boolean
  readonly timestampFormat?: TimestampFormat
}

/** A shape of a model; what it refers to is linked when first asked for. */
export class Shape {
  readonly name: string
  readonly data: ShapeData
  private readonly resolve: (name: string) => Shape
  private linkedMembers?: readonly Member[]

  constructor(name: string, data: ShapeData, resolve: (name: string) => Shape) {
    this.name = name
    this.data = data
    this.resolve = resolve
  }

  get type(): ShapeData['type'] {
    return this.data.type
  }

  /** A structure's members in the model's order. */
  get members(): readonly Member[] {
    this.linkedMembers ??= Object.entries(this.data.members ?? {}).map(([name, data]) =>
      this.link(name, data),
    )
    return this.linkedMembers
  }

  /** A list's element. */
  get element(): Member {
    return this.link('member', this.data.member!)
  }

  get key(): Member {
    return this.link('key', this.data.key!)
  }

  get value(): Member {
    return this.link('value', this.data.value!)
  }

  member(name: string): Member | undefined {
    return this.members.find((one) => one.name === name)
  }

  private link(name: string, data: string | ReferenceData): Member {
    const reference: ReferenceData = typeof data === 'string' ? { shape: data } : data
    const shape = this.resolve(reference.shape)
    return {
      name,
      wireName: reference.name ?? name,
      renamed: reference.name !== undefined,
      shape,
      location: reference.location,
      flattened: reference.flattened ?? shape.data.flattened ?? false,
      attribute: reference.attribute ?? false,
      xmlNamespace: reference.xmlNamespace ?? shape.data.xmlNamespace,
      streaming: reference.streaming ?? shape.data.streaming ?? false,
      timestampFormat: reference.timestampFormat ?? shape.data.timestampFormat,
    }
  }
}

/** An operation of a service. */
export interface OperationModel {
  readonly name: string
  readonly method: string
  /** The path pattern with its fixed query: `/{Bucket}/{Key+}?tagging`. */
  readonly uri: string
  /** The HTTP status of success. */
  readonly status: number
  readonly input?: Shape
  readonly output?: Shape
  /** Query protocol: the element around the output. */
  readonly resultWrapper?: string
  /** REST XML: the root element of the answer, where it is not the output shape's name. */
  readonly rootElement?: string
  /** Names of the error shapes that the operation is modelled to answer with. */
  readonly errors: readonly string[]
  /** AWS: AssumeRoleWithSAML and AssumeRoleWithWebIdentity are called without a signature. */
  readonly unsigned: boolean
  readonly eventStream: boolean
  /** S3 refuses the request without a checksum or a Content-MD5. */
  readonly checksumRequired: boolean
}

export interface ServiceModel {
  /** The name that botocore and the aws CLI use; also the model's file name. */
  readonly name: string
  readonly protocol: Protocol
  /** Gives the model as it is in another protocol; itself where the service does not speak it. */
  in(protocol: Protocol): ServiceModel
  readonly jsonVersion?: string
  readonly apiVersion: string
  readonly targetPrefix?: string
  readonly xmlNamespace?: string
  /** The service in a signature's scope. */
  readonly signingName: string
  /** A JSON service that once spoke the query protocol and still answers its error codes in a header. */
  readonly queryErrors: boolean
  readonly operations: ReadonlyMap<string, OperationModel>
  /** What the service does otherwise than its protocol; absent for nearly all. */
  readonly wire?: Wire
  shape(name: string): Shape
  /** The error shape with this code or this name. */
  error(code: string): Shape | undefined
}

/** Whether there is a model of a service. */
export const isModelled = (service: string): boolean => (modelled as readonly string[]).includes(service)

const loaded = new Map<string, ServiceModel>()
const ownWays = new WeakMap<Wire, ServiceModel>()

/** Gives the model of a service, with what it does its own way. Errors: a plain Error when there is none. */
export function loadModel(service: string, wire?: Wire): ServiceModel {
  const known = wire ? ownWays.get(wire) : loaded.get(service)
  if (known) return known
  if (!isModelled(service)) throw new Error(`No model for the service "${service}"`)
  const file = new URL(`./models/${service}.json`, import.meta.url)
  const model = linkModel(JSON.parse(readFileSync(file, 'utf8')) as ModelData, wire)
  if (wire) ownWays.set(wire, model)
  else loaded.set(service, model)
  return model
}

/** What is enough of a model to answer errors. */
export const bareModel = (
  service: string,
  protocol: Pick<ModelData, 'protocol' | 'jsonVersion'>,
  wire?: Wire,
): ServiceModel =>
  linkModel({ service, apiVersion: '', signingName: service, operations: {}, shapes: {}, ...protocol }, wire)

function linkModel(data: ModelData, wire: Wire | undefined): ServiceModel {
  const shapes = new Map<string, Shape>()
  const shape = (name: string): Shape => {
    const known = shapes.get(name)
    if (known) return known
    const linked = new Shape(name, data.shapes[name] ?? { type: name as ShapeData['type'] }, shape)
    shapes.set(name, linked)
    return linked
  }
  const operations = Object.entries(data.operations).map(
    ([name, one]) => [name, linkOperation(name, one, shape)] as const,
  )
  let errors: Map<string, string> | undefined
  const dialects = new Map<Protocol, ServiceModel>()
  const model: ServiceModel = {
    name: data.service,
    protocol: data.protocol,
    in(protocol) {
      if (!data.dialects?.includes(protocol)) return model
      const own = { ...data, protocol, dialects: [] }
      const known = dialects.get(protocol) ?? linkModel(protocol === 'query' ? inQuery(own) : own, wire)
      dialects.set(protocol, known)
      return known
    },
    jsonVersion: data.jsonVersion,
    apiVersion: data.apiVersion,
    targetPrefix: data.targetPrefix,
    xmlNamespace: data.xmlNamespace,
    signingName: data.signingName,
    queryErrors: data.queryErrors ?? false,
    operations: new Map(operations),
    wire,
    shape,
    error(code) {
      errors ??= indexErrors(data)
      const name = errors.get(code)
      return name === undefined ? undefined : shape(name)
    },
  }
  return model
}

function linkOperation(name: string, data: OperationData, shape: (name: string) => Shape): OperationModel {
  return {
    name,
    method: data.method ?? 'POST',
    uri: data.uri ?? '/',
    status: data.status ?? 200,
    get input() {
      return data.input === undefined ? undefined : shape(data.input)
    },
    get output() {
      return data.output === undefined ? undefined : shape(data.output)
    },
    resultWrapper: data.wrapper,
    rootElement: data.root,
    errors: data.errors ?? [],
    unsigned: data.unsigned ?? false,
    eventStream: data.eventStream ?? false,
    checksumRequired: data.checksumRequired ?? false,
  }
}

function indexErrors(data: ModelData): Map<string, string> {
  const errors = new Map<string, string>()
  const shapes = Object.entries(data.shapes).filter(([, one]) => one.error)
  for (const [name, one] of shapes) if (one.error?.code) errors.set(one.error.code, name)
  for (const [name] of shapes) errors.set(name, name)
  return errors
}

/** The member that is the whole body, where a REST operation has one. */
export function payloadMember(shape: Shape | undefined): Member | undefined {
  return shape?.data.payload === undefined ? undefined : shape.member(shape.data.payload)
}
