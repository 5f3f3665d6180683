/** Smithy RPC v2 CBOR: the operation in the path, its input and output as CBOR, by model. */
import type { Fields, WireRequest, WireResponse } from '../kernel/wire.ts'
import { readCbor, Seconds, writeCbor } from './cbor.ts'
import { jsonReader } from './json.ts'
import type { Member, OperationModel, Shape } from './model.ts'
import { asDate, toBase64 } from './scalar.ts'

/** Smithy: every message says so itself. */
export const CBOR_HEADERS = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' }

/** Gives the name of the operation: `/service/<service>/operation/<name>`. */
export const operationOfPath = ({ path }: WireRequest): string =>
  /\/operation\/([^/]+)$/.exec(path)?.[1] ?? ''

/** Reads an operation's input. Errors: MalformedValue. */
export function decodeCbor({ input }: OperationModel, { body }: WireRequest): Fields {
  if (!input) return {}
  const member = { name: '', wireName: '', renamed: false, shape: input, flattened: false }
  return jsonReader({ ...member, attribute: false, streaming: false })(asJson(readCbor(body))) as Fields
}

/** What JSON has as text: bytes. */
function asJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return toBase64(value)
  if (Array.isArray(value)) return value.map(asJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, asJson(one)]))
}

/** Writes an operation's output; members that the model does not know are left out. */
export function encodeCbor({ output }: OperationModel, fields: Fields): Omit<WireResponse, 'status'> {
  if (!output) return { headers: { 'smithy-protocol': 'rpc-v2-cbor' }, body: '' }
  return { headers: { ...CBOR_HEADERS }, body: writeCbor(structure(output.members, fields)) }
}

/** Gives some members of a structure as they are written. */
export const structure = (members: readonly Member[], value: Fields): Fields =>
  Object.fromEntries(
    members.flatMap((member) => {
      const found = value[member.name]
      return found === undefined || found === null ? [] : [[member.wireName, written(member, found)]]
    }),
  )

function written(member: Member, value: unknown): unknown {
  const { shape } = member
  if (shape.type === 'timestamp') return new Seconds(asDate(value, member.name).getTime() / 1000)
  if (shape.type === 'structure') return structure(shape.members, value as Fields)
  if (shape.type === 'list')
    return Array.from(value as Iterable<unknown>, (one) => written(shape.element, one))
  return shape.type === 'map' ? map(shape, value as Fields) : value
}

const map = (shape: Shape, value: Fields): Fields =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) =>
      one === undefined || one === null ? [] : [[key, written(shape.value, one)]],
    ),
  )
