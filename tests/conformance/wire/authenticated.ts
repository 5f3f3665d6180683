/** What the gateway does to a request before it is decoded: checks the signature and the body. */
import { authenticate, payloadReader, verifyPayload } from '../../../src/cloud/gateway/signature/index.ts'
import {
  isStreamingInput,
  type OperationModel,
  type ServiceModel,
  type WireRequest,
} from '../../../src/cloud/protocols/index.ts'
import { addressees } from './addressees.ts'

/** Gives the request with its body checked. Errors: those of the signature. */
export async function authenticateAndRead(
  model: ServiceModel,
  operation: OperationModel,
  wire: WireRequest,
): Promise<WireRequest> {
  const caller = authenticate(wire, () => ({ secretAccessKey: 'test' }), new Date(), addressees)
  if (caller === 'anonymous') {
    if (operation.unsigned) return wire
    throw new Error(`${model.name} ${operation.name} came without a signature`)
  }
  if (wire.stream && isStreamingInput(operation)) {
    return { ...wire, stream: payloadReader(caller.payload, wire.headers, wire.stream) }
  }
  const pieces: Uint8Array[] = [wire.body]
  if (wire.stream) for await (const piece of wire.stream) pieces.push(piece)
  return {
    ...wire,
    stream: undefined,
    body: verifyPayload(caller.payload, wire.headers, Buffer.concat(pieces)),
  }
}
