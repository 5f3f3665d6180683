/** From a request on the wire to an answer on the wire: authenticate, route, decode, invoke, make durable, encode. */
import { AwsError } from '../../model/index.ts'
import type { ServiceId } from '../kernel/api.ts'
import {
  decode,
  encode,
  encodeError,
  isStreamingInput,
  type OperationModel,
  route,
  type ServiceModel,
  spoken,
  validate,
  type WireRequest,
  type WireResponse,
} from '../protocols/index.ts'
import type { Host } from './host.ts'
import { identify } from './identify.ts'
import { findOperation, invoke, makeContext } from './invoke.ts'
import { requestTags } from './request-tags.ts'
import { type PayloadPolicy, payloadReader, verifyPayload } from './signature/index.ts'
import { wholeBody } from './whole-body.ts'

/** Bodies that are not streamed are read whole; AWS's own limits are far below this. */
const BODY_LIMIT = 64 * 1024 * 1024

/** Answers one request. Never throws: errors that no service meant to answer become InternalFailure and are reported. */
export async function dispatch(cloud: Host, wire: WireRequest): Promise<WireResponse> {
  const requestId = cloud.ids.uuid()
  let model: ServiceModel | undefined
  let operation: OperationModel | undefined
  try {
    const { unknown } = cloud.addressees.byHost(wire.host)
    if (unknown !== undefined) throw unsupported(unknown)
    const caller = identify(cloud, wire)
    if (caller.identity.account) cloud.organization?.join(caller.identity.account)
    model = spoken(modelFor(cloud, caller.service), wire)
    const early = isRest(model) ? route(model, wire) : undefined
    const request = await readBody(wire, caller.payload, early)
    operation = early ?? route(model, request)
    const input = decode(model, operation, request)
    validate(model, operation, input, cloud.services.get(caller.service)?.errors?.invalid)
    if (caller.identity.kind === 'anonymous' && !isLetIn(cloud, caller.service, operation.name))
      throw missingToken()
    const ctx = makeContext(cloud, {
      service: caller.service,
      operation: operation.name,
      requestId,
      identity: caller.identity,
      account: caller.identity.account,
      region: caller.region,
      conditions: { 'aws:SourceIp': '127.0.0.1', ...caller.conditions },
      requestTags: requestTags(operation, input),
    })
    const output = await invoke(await findOperation(cloud, caller.service, operation.name), input, ctx)
    await cloud.store.flush()
    return encode(model, operation, (output ?? {}) as Record<string, unknown>, requestId)
  } catch (error) {
    await cloud.store.flush()
    if (!(error instanceof AwsError) && !isBrokenOff(wire, error))
      cloud.bug(`${model?.name ?? 'gateway'} ${operation?.name ?? wire.path}`, error)
    const answered =
      error instanceof AwsError
        ? error
        : new AwsError('InternalFailure', 'The request processing has failed because of an internal error.', {
            status: 500,
          })
    return encodeError(model ?? cloud.addressees.modelForErrors(wire), operation, answered, requestId)
  }
}

/** Whether an error is that of a client that went away before its body was read. */
const isBrokenOff = ({ stream }: WireRequest, error: unknown): boolean =>
  (stream as { errored?: unknown } | undefined)?.errored === error

const isRest = (model: ServiceModel): boolean =>
  model.protocol === 'rest-xml' || model.protocol === 'rest-json'

function isLetIn({ services }: Host, service: ServiceId, operation: string): boolean {
  const { unsigned } = services.get(service) ?? {}
  return unsigned === true || (unsigned?.includes(operation) ?? false)
}

/** AWS: S3, and STS for who comes with a token, are the only ones here that answer unsigned requests. */
const missingToken = (): AwsError =>
  new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', { status: 403 })

function modelFor(cloud: Host, service: string): ServiceModel {
  if (cloud.services.has(service as ServiceId)) return cloud.addressees.model(service)
  throw unsupported(service)
}

const unsupported = (service: string): AwsError =>
  new AwsError('UnsupportedService', `The embedded cloud does not support the service "${service}".`, {
    status: 501,
  })

async function readBody(
  wire: WireRequest,
  policy: PayloadPolicy,
  operation: OperationModel | undefined,
): Promise<WireRequest> {
  const stream = wire.stream
  if (!stream) return { ...wire, body: verifyPayload(policy, wire.headers, wire.body) }
  if (operation && isStreamingInput(operation))
    return { ...wire, stream: payloadReader(policy, wire.headers, stream) }
  const body = await wholeBody(stream, BODY_LIMIT)
  if (!body)
    throw new AwsError('RequestEntityTooLarge', `The request body exceeds ${BODY_LIMIT} bytes.`, {
      status: 413,
    })
  return { ...wire, stream: undefined, body: verifyPayload(policy, wire.headers, body) }
}
