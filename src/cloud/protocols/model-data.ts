/** The compact models as they stand in their JSON files. */

export type Protocol = 'query' | 'json' | 'cbor' | 'rest-json' | 'rest-xml'
type ShapeType =
  | 'structure'
  | 'list'
  | 'map'
  | 'string'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'boolean'
  | 'timestamp'
  | 'blob'
type Location = 'uri' | 'querystring' | 'header' | 'headers' | 'statusCode'

/** A reference to a shape; a bare name stands for one without traits. */
export interface ReferenceData {
  readonly shape: string
  readonly location?: Location
  readonly name?: string
  readonly flattened?: boolean
  readonly attribute?: boolean
  readonly xmlNamespace?: string
  readonly streaming?: boolean
  readonly timestampFormat?: TimestampFormat
}

export type TimestampFormat = 'iso8601' | 'rfc822' | 'unixTimestamp'

/** A shape; a name that has none is a scalar type without constraints. */
export interface ShapeData {
  readonly type: ShapeType
  readonly members?: Readonly<Record<string, string | ReferenceData>>
  readonly required?: readonly string[]
  readonly payload?: string
  readonly member?: string | ReferenceData
  readonly key?: string | ReferenceData
  readonly value?: string | ReferenceData
  readonly flattened?: boolean
  readonly xmlNamespace?: string
  readonly document?: boolean
  /** Only one of the members is there. */
  readonly union?: boolean
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly patternFlags?: string
  readonly enum?: readonly string[]
  readonly sensitive?: boolean
  readonly timestampFormat?: TimestampFormat
  readonly streaming?: boolean
  readonly error?: ErrorData
}

interface ErrorData {
  readonly code?: string
  readonly status?: number
  /** The service is to blame, not the caller. */
  readonly fault?: boolean
}

/** An operation; what is absent is POST, /, 200. */
export interface OperationData {
  readonly method?: string
  readonly uri?: string
  readonly status?: number
  readonly input?: string
  readonly output?: string
  readonly wrapper?: string
  readonly root?: string
  readonly errors?: readonly string[]
  readonly unsigned?: boolean
  readonly eventStream?: boolean
  readonly checksumRequired?: boolean
}

/** One service's file. */
export interface ModelData {
  readonly service: string
  readonly protocol: Protocol
  /** What it speaks besides, as its newer clients do. */
  readonly dialects?: readonly Protocol[]
  readonly jsonVersion?: string
  readonly apiVersion: string
  readonly targetPrefix?: string
  readonly xmlNamespace?: string
  readonly signingName: string
  readonly queryErrors?: boolean
  /** What collections are called in the query protocol of a service that has left it: an item, or an entry, its key and its value. */
  readonly queryNames?: Readonly<Record<string, readonly string[]>>
  readonly operations: Readonly<Record<string, OperationData>>
  readonly shapes: Readonly<Record<string, ShapeData>>
}
